"""What a user declares: parameters with unit, bounds, grade and source; presets; TOML in and out."""

from klastersim.scenario.catalogue import parameter
from klastersim.scenario.declaration import Parameter, Preset, Value
from klastersim.scenario.parameters import PARAMETERS
from klastersim.scenario.presets import PRESETS
from klastersim.scenario.reading import parse_setting
from klastersim.scenario.scenario import Scenario

__all__ = ["PARAMETERS", "PRESETS", "Parameter", "Preset", "Scenario", "Value", "parameter", "parse_setting"]
