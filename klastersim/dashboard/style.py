"""How the page looks: large enough for the back of a room, told apart by the colour-blind, usable without a mouse."""

from typing import Final

#: Colours are those of Okabe and Ito; whatever they tell is also told by shape, dashes or words.
STYLE: Final = """
.ks-page { font-family: Roboto, sans-serif; font-size: 17px; color: #222; max-width: 1900px; margin: 0 auto; }
.ks-page p { margin: 0 0 6px; }
.ks-page h1 { font-size: 1.55em; line-height: 1.2; margin: 0 0 4px; }
.ks-page h2 { font-size: 1.2em; margin: 14px 0 6px; }
.ks-page h3 { font-size: 1.05em; margin: 12px 0 4px; }
.ks-page :focus-visible { outline: 3px solid #D55E00; outline-offset: 2px; }
.ks-header { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; padding: 6px 12px;
  border-bottom: 2px solid #0072B2; }
.ks-name { font-size: 1.15em; margin-right: auto; }
.ks-page .v-btn { text-transform: none; letter-spacing: 0; font-size: 1em; width: auto !important; }
.ks-spoken { text-decoration: underline; font-weight: bold; }
.ks-body { display: grid; grid-template-columns: minmax(310px, 22%) minmax(0, 1fr); gap: 18px; padding: 10px 12px; }
.ks-presenting .ks-body { grid-template-columns: minmax(0, 1fr); }
.ks-presenting { font-size: 24px; }
.ks-presenting .ks-charts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 560px), 1fr)); }
.ks-presenting .ks-chart svg text { font-size: 15px; }
.ks-presenting .ks-phase text, .ks-presenting .ks-phase .ks-axis { font-size: 15px; }
.ks-presenting .v-input { font-size: 0.85em; }
.ks-presenting .v-input .v-label { max-width: none; }
.ks-presenting .v-text-field .v-input__slot { padding-top: 12px; }
.ks-presenting .v-text-field input, .ks-presenting .v-select__selection { max-height: none; height: auto;
  line-height: 1.4; overflow: visible; }
.ks-presenting .v-tab { font-size: 0.9em; }
.ks-aside { border-right: 1px solid #ccc; padding: 8px 14px 0 2px; min-width: 0; }
.ks-content { min-width: 0; }
.ks-said-of { font-weight: 500; margin: 8px 0 -8px !important; line-height: 1.25; }
.ks-controls .v-slider--horizontal { min-height: 28px; }
.ks-controls .v-label, .ks-more .v-label { color: #222 !important; font-size: 1em; line-height: 1.25; height: auto;
  overflow: visible; white-space: normal; }
.ks-page .v-input, .ks-page .v-input .v-label { font-size: 1em; }
.ks-more .v-text-field__slot { flex-wrap: wrap; }
.ks-more .v-text-field__slot .v-label { position: static !important; transform: none !important; max-width: none;
  flex: 1 0 100%; font-size: 0.9em; margin-bottom: 2px; }
.ks-controls .v-input--switch { margin-top: 8px; }
.ks-controls .v-input--checkbox { margin-top: 2px; }
.ks-row { flex-wrap: wrap; align-items: center; gap: 8px; }
.ks-headline { border-left: 10px solid #767676; padding: 6px 14px; background: #f4f4f2; }
.ks-headline.ks-active { border-color: #0072B2; background: #e8f2fa; }
.ks-changed { border-left: 10px solid #E69F00; padding: 6px 14px; background: #fdf5e3; margin-top: 6px !important; }
.ks-problem { border-left: 10px solid #D55E00; padding: 6px 14px; background: #fbeae3; white-space: pre-line;
  overflow-wrap: anywhere; }
.ks-help { color: #4a4a4a; font-size: 0.88em; overflow-wrap: anywhere; }
.ks-field { border-bottom: 1px solid #ddd; padding: 6px 0; }
.ks-binding { font-weight: 500; }
.ks-charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 10px 18px; }
.ks-chart { min-width: 0; }
.ks-chart svg { width: 100%; height: auto; display: block; }
.ks-chart figcaption { display: flex; flex-wrap: wrap; gap: 0 10px; align-items: baseline; }
.ks-chart figcaption svg { width: 30px; display: inline-block; }
.ks-chart path { fill: none !important; stroke: var(--line) !important; stroke-width: 2.4px; }
.ks-chart path.ks-twin { --line: #767676; stroke-width: 1.3px; }
.ks-chart text, .ks-phase text { font-size: 13px; fill: #222; }
.ks-chart text.ks-note { font-size: 12px; fill: #444; paint-order: stroke; stroke: #fff; stroke-width: 3px; }
.ks-unit { color: #4a4a4a; }
.ks-key { white-space: nowrap; }
.ks-programme { fill: #EFEAD8; }
.ks-grid { stroke: #e2e2e2; stroke-width: 1; }
.ks-threshold { stroke: #767676; stroke-dasharray: 4 4; }
.ks-cursor { stroke: #222; stroke-width: 1.5; }
.ks-reading { font-size: 0.9em; min-height: 1.4em; }
.ks-scroll { overflow-x: auto; }
.ks-table, .ks-bars { border-collapse: collapse; width: 100%; margin: 6px 0; }
.ks-table caption, .ks-bars caption { text-align: left; color: #4a4a4a; font-size: 0.9em; padding: 2px 0; }
.ks-table th, .ks-table td { border-bottom: 1px solid #ddd; padding: 3px 8px; text-align: right; font-weight: normal; }
.ks-table thead th { font-weight: 500; }
.ks-table th:first-child { text-align: left; }
.ks-bars th { text-align: left; font-weight: 500; width: 42%; padding: 4px 8px 4px 0; }
.ks-bars th small { display: block; font-weight: normal; color: #4a4a4a; font-size: 0.82em; }
.ks-bars .ks-bar > div { height: 18px; background: #56B4E9; min-width: 2px; }
.ks-bars .ks-strong .ks-bar > div { background: #D55E00; }
.ks-chance .ks-strong .ks-bar > div { background: #0072B2; }
.ks-bars .ks-strong th, .ks-bars .ks-strong .ks-value { font-weight: 700; }
.ks-bars .ks-value { padding-left: 8px; white-space: nowrap; width: 1%; }
.ks-chance { margin: 6px 0; }
.ks-panel { padding: 10px 0; }
.ks-page .v-tab { text-transform: none; letter-spacing: 0; font-size: 1em; min-width: 60px; padding: 0 10px; }
.ks-page .v-slide-group__wrapper { overflow-x: auto; }
.ks-play { display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; }
.ks-play button { border: 2px solid #0072B2; border-radius: 6px; padding: 3px 12px; background: #fff; color: #004a76; }
.ks-play button.ks-main { background: #0072B2; color: #fff; min-width: 6em; }
.ks-play select { border: 1px solid #767676; border-radius: 4px; padding: 2px 6px; background: #fff; appearance: auto; }
.ks-month { flex: 1 1 180px; display: flex; gap: 6px; align-items: center; }
.ks-month input { flex: 1; min-width: 60px; }
.ks-when { min-width: 16em; }
.ks-stage { position: relative; width: min(100%, 109vh); aspect-ratio: 1000 / 640; margin: 0 auto; }
.ks-stage > * { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.ks-strip { width: 100%; height: 46px; border-bottom: 1px solid #767676; cursor: pointer; display: block; }
.ks-street { fill: none; stroke: #e6e2d6; stroke-width: 20; }
.ks-page .ks-tie { fill: none; stroke: #444; }
.ks-page .ks-hull { fill: #CC79A7; fill-opacity: 0.16; stroke: #CC79A7; stroke-opacity: 0.5;
  stroke-width: 16; stroke-linejoin: round; }
.ks-page .ks-support { fill: none; stroke: #009E73; stroke-opacity: 0.35; stroke-dasharray: 3 5; }
.ks-body path { fill: #fff; stroke: #767676; stroke-width: 2; }
.ks-body.ks-lit path { fill: #009E73; stroke: #00664b; }
.ks-map text { font-size: 16px; fill: #222; }
.ks-map .ks-big { font-size: 34px; font-weight: 700; paint-order: stroke; stroke: #fff; stroke-width: 6px; }
.ks-map .ks-said { font-size: 17px; paint-order: stroke; stroke: #fff; stroke-width: 5px; }
.ks-page .ks-large { fill: #fff; stroke: #222; stroke-width: 2.5; }
.ks-page .ks-trader { fill: #fff; stroke: #222; stroke-width: 2.5; }
.ks-firm-0 { fill: #c9c9c9; stroke: #767676; }
.ks-firm-1 { fill: #56B4E9; stroke: #2b7fb0; stroke-width: 1.5; }
.ks-firm-2 { fill: #0072B2; stroke: #00263c; stroke-width: 3; }
.ks-firm-3 { fill: none; stroke: #999; stroke-dasharray: 2 2; }
.ks-pointed { stroke: #D55E00 !important; stroke-width: 5 !important; }
.ks-event-1 { fill: none; stroke: #E69F00; stroke-width: 5; }
.ks-event-2 { fill: #009E73; fill-opacity: 0.5; stroke: #009E73; stroke-width: 3; }
.ks-event-3 { fill: none; stroke: #D55E00; stroke-width: 3; stroke-dasharray: 3 3; }
.ks-page .ks-cross { stroke: #D55E00; stroke-width: 4; fill: none; }
.ks-strip path.ks-acting { fill: none !important; stroke: #0072B2; stroke-width: 3; }
.ks-strip path.ks-collective { fill: none !important; stroke: #D55E00; stroke-width: 3; stroke-dasharray: 9 4; }
.ks-legend { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 0.88em; margin-top: 6px !important; }
.ks-legend svg { vertical-align: middle; margin-right: 4px; overflow: visible; }
.ks-story { background: #f4f4f2; padding: 6px 12px; min-height: 3.4em; }
.ks-story input { width: 6em; border: 1px solid #767676; border-radius: 4px; padding: 1px 6px; background: #fff; }
.ks-phase svg { width: 100%; max-height: 70vh; }
.ks-phase .ks-axis { font-size: 14px; font-weight: 500; }
.ks-cell { stroke: #fff; stroke-width: 0.5; }
.ks-page .ks-here { fill: #fff; stroke: #D55E00; stroke-width: 3; }
.ks-phase text.ks-here-word { font-weight: 700; paint-order: stroke; stroke: #fff; stroke-width: 4px; fill: #a33c00; }
.ks-downloads { display: flex; flex-wrap: wrap; gap: 8px; }
.ks-downloads > * { flex: none; }
.ks-link { display: block; overflow-wrap: anywhere; padding: 6px 8px; font-size: 0.85em;
  background: #f4f4f2; color: #222; }
.ks-qr { width: 230px; height: 230px; image-rendering: pixelated; display: block; }
.ks-file { display: inline-block; position: relative; border: 2px solid #0072B2; border-radius: 6px; padding: 2px 12px;
  margin-bottom: 10px; color: #004a76; cursor: pointer; }
.ks-file:focus-within { outline: 3px solid #D55E00; outline-offset: 2px; }
.ks-file input { position: absolute; inset: 0; opacity: 0; width: 100%; cursor: pointer; }
.ks-lost { position: fixed; top: 0; left: 0; right: 0; z-index: 200000; background: #B34700; color: #fff;
  font-size: 22px; font-weight: 700; padding: 12px; text-align: center; }
.solara-content-main { padding: 0 !important; }
@media (min-width: 901px) {
  .ks-aside { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; }
}
@media (max-width: 900px) {
  .ks-page { font-size: 16px; }
  .ks-body { grid-template-columns: minmax(0, 1fr); }
  .ks-aside { border-right: none; border-bottom: 1px solid #ccc; padding: 0 0 10px; }
  .ks-bars th { width: 50%; }
  .ks-map text, .ks-map .ks-said { font-size: 24px; }
  .ks-content .v-tabs-bar { height: auto; }
  .ks-content .v-slide-group__content { flex: 1 1 0; min-width: 0; flex-wrap: wrap; transform: none !important;
    white-space: normal; }
  .ks-content .v-tab { height: 40px; }
  .ks-content .v-slide-group__prev, .ks-content .v-slide-group__next, .ks-content .v-tabs-slider-wrapper
    { display: none !important; }
  .ks-content .v-tab--active { border-bottom: 3px solid; }
}
"""
