"""The month over arrays: phases, settlements and their order."""
