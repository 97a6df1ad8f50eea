from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from klastersim.dashboard.choice import Choice
from klastersim.dashboard.outcome import Outcome
from klastersim.dashboard.summary import summary_page
from klastersim.figures.measures import value_of
from klastersim.figures.words import LOCALES, Words

pytest.importorskip("solara")

TABS = ("lines", "map", "orders", "money", "compare", "tipping", "pins", "numbers")

#: Widths and heights of a laptop's and a projector's screen, and the laptop's at twice the size.
SCREENS = {"1280x720": (1280, 720, 1.0), "1920x1080": (1920, 1080, 1.0), "zoomed": (1280, 720, 2.0)}


def keep(visit, name: str) -> None:
    """Take a picture for whoever asks for pictures, in the folder that KLASTERSIM_SCREENSHOTS names."""
    folder = os.environ.get("KLASTERSIM_SCREENSHOTS")
    if folder:
        visit.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def overflowing(visit) -> list[str]:
    """Return what is wider than the screen, or is cut."""
    return visit.page.evaluate(
        """() => {
          const wide = [...document.querySelectorAll('.ks-page *')].filter((each) => {
            const box = each.getBoundingClientRect();
            const within = each.closest('.ks-scroll, svg, .v-tabs, .ks-aside .v-input');
            return box.width > 0 && !within && box.right > document.documentElement.clientWidth + 1;
          });
          return wide.map((each) => each.tagName + '.' + each.className);
        }"""
    )


def overlapping(visit) -> list[list[str]]:
    """Return pairs of texts that lie on each other, and texts that are cut by what holds them."""
    return visit.page.evaluate(
        """() => {
          const found = [], texts = [];
          const walker = document.createTreeWalker(document.querySelector('.ks-page'), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const holder = node.parentElement, words = node.textContent.trim();
            if (!words || !holder.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
            if (holder.closest('title, select, .v-icon, .ks-scroll')) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            for (const box of range.getClientRects()) {
              // A letter's box is higher than the letter.
              const thin = box.height * 0.18;
              // What is scrolled out of the controls lies on nothing.
              const frame = (holder.closest('.ks-aside') || document.documentElement).getBoundingClientRect();
              texts.push({ words, holder, l: box.left, r: box.right,
                t: Math.max(frame.top, box.top + thin), b: Math.min(frame.bottom, box.bottom - thin) });
            }
            const style = getComputedStyle(holder);
            const wide = holder.scrollWidth > holder.clientWidth + 1;
            if (style.overflowX === 'hidden' && wide) found.push([words, 'is cut']);
          }
          texts.forEach((one, k) => texts.slice(k + 1).forEach((other) => {
            if (one.words === other.words) return;
            if (one.holder.contains(other.holder) || other.holder.contains(one.holder)) return;
            if (Math.min(one.r, other.r) - Math.max(one.l, other.l) > 1.5
                && Math.min(one.b, other.b) - Math.max(one.t, other.t) > 1.5) found.push([one.words, other.words]);
          }));
          return found;
        }"""
    )


#: Words of buttons that the test of the screens presses.
PRESENT = {"id": "Tampilkan besar", "en": "Present"}
MORE = {"id": "Pengaturan lain", "en": "More settings"}


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_overlaps_or_is_cut_on_any_screen(visit, screen, language):
    width, height, zoom = SCREENS[screen]
    here = visit(f"?preset=gap-market&growth.enabled=true&lang={language}", width=width, height=height, zoom=zoom)
    here.page.get_by_role("button", name=MORE[language]).click()
    here.page.locator(".ks-field").first.wait_for()
    for mode in ("", "-presenting"):
        if mode:
            here.page.get_by_role("button", name=PRESENT[language], exact=True).click()
            here.page.wait_for_selector(".ks-presenting")
        for name in TABS:
            here.tab(name)
            if name == "map":
                here.page.wait_for_selector(".ks-map circle")
                here.page.locator(".ks-story input").fill("3")
            if name == "tipping":
                here.page.locator(".ks-phase").wait_for()
            keep(here, f"{screen}-{language}-{name}{mode}")
            assert overflowing(here) == [], name
            assert overlapping(here) == [], name


def test_the_whole_tour(visit, tmp_path):
    here = visit()
    page = here.page
    # Choose a cluster and change its programme.
    first = here.digest
    page.locator(".ks-controls .v-select").first.click()
    page.get_by_role("option", name="Hanya kurang pembeli").click()
    here.until_changed(first)
    here.slide("Anggaran", times=3)
    assert "→" in page.locator(".ks-changed").inner_text()
    # Play.
    here.tab("map")
    page.locator(".ks-play button").nth(0).click()
    assert "bulan 1" in page.locator(".ks-when").inner_text()
    page.locator(".ks-play button").nth(2).click()
    assert "bulan 13" in page.locator(".ks-when").inner_text()
    page.locator(".ks-play button").nth(1).click()
    page.wait_for_function("!document.querySelector('.ks-when').textContent.includes('bulan 13')")
    page.locator(".ks-play button").nth(1).click()
    page.locator(".ks-play button").nth(3).click()
    assert "bulan 240" in page.locator(".ks-when").inner_text()
    page.locator(".ks-story input").fill("3")
    assert "Usaha 3" in page.locator(".ks-story").inner_text()
    keep(here, "tour-map")
    # Compare with the twin, keep, change, and compare with what was kept.
    here.tab("compare")
    assert page.locator(".ks-panel .ks-table").count() >= 1
    here.tab("pins")
    page.get_by_label("Nama, paling panjang").fill("=kelompok 1")
    page.get_by_role("button", name="Simpan yang ditampilkan").click()
    page.wait_for_selector(".ks-panel .ks-table")
    here.slide("Anggaran", times=2)
    keep(here, "tour-pins")
    here.tab("compare")
    page.locator(".ks-panel .v-select").click()
    page.get_by_role("option", name="=kelompok 1").click()
    page.get_by_text("keberuntungan dan lama simulasi yang dipilih sekarang").wait_for()
    keep(here, "tour-compare")
    # Switch the language, at once.
    page.get_by_role("button", name="English").click()
    page.get_by_role("tab", name="Tipping point").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"
    # Download, and upload what was downloaded.
    with page.expect_download() as download:
        page.get_by_role("button", name="Scenario (TOML)").click()
    scenario = tmp_path / "mine.toml"
    download.value.save_as(scenario)
    before = here.digest
    page.get_by_role("button", name="Upload a scenario").click()
    page.locator("#ks-toml").set_input_files(scenario)
    page.get_by_text("No link leads to an uploaded scenario").wait_for()
    assert here.digest == before
    # Undo, and reload by the link.
    page.get_by_role("button", name="Undo").click()
    page.locator(".ks-link").wait_for()
    link = page.locator(".ks-link").inner_text()
    page.goto(link)
    here.settle()
    assert here.digest == before
    # What was kept is still there.
    here.tab("pins")
    page.get_by_text("=kelompok 1").first.wait_for()


def test_files_to_take_home_hold_what_they_say(visit, tmp_path):
    here = visit("?cluster.firms=20&months=60&lang=id")
    signs = {
        "Gambar (PNG)": b"\x89PNG",
        "Gambar (SVG)": b"<?xml",
        "Peta (PNG)": b"\x89PNG",
        "Per bulan (CSV)": b"month,",
        "Per usaha (CSV)": b"site,",
        "Skenario simpanan (CSV)": b"Hasil,",
        "Satu halaman cetak (HTML)": b"<!doctype html>",
    }
    contents = {}
    for name, sign in signs.items():
        with here.page.expect_download() as download:
            here.page.get_by_role("button", name=name).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        contents[name] = path.read_bytes()
        assert contents[name].startswith(sign)
    for name in ("Gambar (SVG)", "Satu halaman cetak (HTML)"):
        assert "Apakah usaha bekerja bersama?" in contents[name].decode()
    assert contents["Per bulan (CSV)"].count(b"\n") == 61
    assert contents["Per usaha (CSV)"].count(b"\n") == 21
    assert b"http://127.0.0.1" in contents["Satu halaman cetak (HTML)"]
    assert here.digest.encode() in contents["Satu halaman cetak (HTML)"]


def test_the_page_shows_what_the_command_line_prints(visit):
    query = "preset=gap-market&programme.budget=300.0&seed=5&months=120"
    here = visit(f"?{query}&lang=en")
    printed = subprocess.run(
        [sys.executable, "-m", "klastersim", "run", "gap-market", "--set", "programme.budget=300", "--seed", "5",
         "--months", "120", "--json"],
        capture_output=True, check=True, text=True, cwd=Path(__file__).parents[2],
    ).stdout  # fmt: skip
    run = json.loads(printed)
    assert here.digest == run["digest"]
    here.tab("numbers")
    shown = here.page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.ks-table tr[data-name]')]"
        ".map((row) => [row.dataset.name, row.cells[1].textContent.trim()]))"
    )
    words = Words("en")
    assert shown == {name: value_of(name, run["final"][name], words) for name in run["final"]}
    here.tab("orders")
    rates = here.page.locator(".ks-bars").nth(1).locator(".ks-value").all_inner_texts()
    assert rates == ["no order came so far" if rate is None else words.share(rate) for rate in run["funnel"].values()]


def test_two_browsers_do_not_see_each_other(visit):
    one, other = visit("?lang=id"), visit("?lang=en")
    there = other.digest
    one.slide("Anggaran", times=2)
    one.tab("pins")
    one.page.get_by_label("Nama, paling panjang").fill("milik saya")
    one.page.get_by_role("button", name="Simpan yang ditampilkan").click()
    one.page.get_by_text("milik saya").first.wait_for()
    other.tab("pins")
    assert other.digest == there
    assert other.page.get_by_text("milik saya").count() == 0
    assert other.page.get_by_text("Nothing is kept yet.").count() == 1
    assert other.page.evaluate("document.documentElement.lang") == "en"


def test_bad_uploads_are_answered_in_plain_words(visit, tmp_path):
    here = visit("?lang=id")
    before = here.digest
    here.page.get_by_role("button", name="Unggah skenario").click()
    bad = {
        "huge.toml": (b"a" * 2_000_000, "lebih besar dari 1 MB"),
        "binary.toml": (b"\x00\x01", "bukan teks"),
        "path.toml": (b'[ties]\nkind = "file"\nfile = "/etc/passwd"\n', "menyebut sebuah berkas"),
        "deep.toml": (b"a = " + b"[" * 20_000, "bersarang terlalu dalam"),
        "formula.toml": (b'[cluster]\nfirms = "=1+1"\n', "tidak dapat dipakai"),
        "columns.csv": (b"x;y\n1;2\n", "kolom"),
    }
    for name, (content, answer) in bad.items():
        path = tmp_path / name
        path.write_bytes(content)
        here.page.locator("#ks-toml" if name.endswith("toml") else "#ks-firms").set_input_files(path)
        problem = here.page.locator(".ks-content .ks-problem").filter(has_text=name)
        problem.wait_for()
        assert answer in problem.inner_text()
        assert "passwd" not in problem.inner_text()
        assert here.digest == before


def test_a_table_of_firms_of_ones_own_makes_the_cluster(visit, tmp_path):
    here = visit("?lang=id")
    before = here.digest
    here.page.get_by_role("button", name="Unggah skenario").click()
    table = tmp_path / "usaha.csv"
    table.write_text("usaha;pekerja;mutu\nBu Sri;3;0,5\nPak Ali;2;0,6\nBu Ani;5;0,4\n", encoding="utf-8")
    here.page.locator("#ks-firms").set_input_files(table)
    here.until_changed(before)
    here.page.get_by_text("Jumlah usaha: 3").wait_for()
    assert here.page.locator(".ks-content .ks-problem").count() == 0


def test_what_was_refused_is_told_anew_when_the_language_changes(visit):
    here = visit("?preset=nowhere&lang=id")
    told = here.page.locator(".ks-content .ks-problem")
    assert "seharusnya salah satu dari" in told.inner_text()
    here.page.get_by_role("button", name="English").click()
    told.filter(has_text="is not one of").wait_for()


def test_a_bad_link_says_so_and_shows_the_usual_cluster(visit):
    here = visit("?preset=nowhere&lang=id")
    assert here.page.locator(".ks-problem").count() == 1
    assert here.page.url.split("?")[1].startswith("preset=sentra")


def test_what_was_refused_is_not_what_a_field_goes_on_to_show(visit):
    here = visit("?lang=id")
    before = here.digest
    here.page.get_by_role("button", name="Pengaturan lain").click()
    field = here.page.locator(".ks-field input[type=text]").first
    field.fill("banyak")
    field.press("Enter")
    here.page.locator(".ks-field .ks-problem").wait_for()
    field.fill("60")
    field.press("Enter")
    here.until_changed(before)
    assert here.page.locator(".ks-field .ks-problem").count() == 0


def test_money_can_go_to_machines_once_firms_can_own_them(visit):
    here = visit("?cluster.firms=20&months=60&lang=id")
    page = here.page
    assert page.locator('[role="slider"][aria-label^="Peralatan"]').count() == 0
    before = here.digest
    page.get_by_label("Usaha dan kelompok dapat memiliki mesin").check(force=True)
    here.until_changed(before)
    page.get_by_text("Sebuah mesin berharga Rp 60,0 juta: program membayar 50%").wait_for()
    here.slide("Peralatan")
    page.wait_for_url("**mix.equipment=0.05*")
    assert page.locator(".ks-problem").count() == 0
    # Turned off, the money for machines goes too: without their use the scenario would contradict itself.
    page.get_by_label("Usaha dan kelompok dapat memiliki mesin").uncheck(force=True)
    page.locator('[role="slider"][aria-label^="Peralatan"]').wait_for(state="detached")
    page.wait_for_url(lambda url: "mix.equipment" not in url)
    assert page.locator(".ks-problem").count() == 0


def test_jobs_are_told_where_firms_grow_and_only_there(visit):
    here = visit("?cluster.firms=20&growth.enabled=true&lang=id")
    assert "Berapa orang bekerja di sini?" in here.page.locator(".ks-charts").inner_text()
    here.tab("money")
    for name in ("jobs", "more_jobs", "per_job"):
        here.page.locator(f'.ks-table tr[data-name="{name}"]').wait_for()
    still = visit("?cluster.firms=20&lang=id")
    still.tab("money")
    fixed = still.page.locator('.ks-table tr[data-name="per_job"]')
    fixed.wait_for()
    assert "jumlah pekerja di sini tetap" in fixed.inner_text()
    assert still.page.locator('.ks-table tr[data-name="jobs"]').count() == 0


def test_the_summary_prints_on_one_page(browser):
    """However much was changed, and where firms come and go, which brings the largest picture."""
    changes = {"growth.enabled": True, "programme.budget": 300.0, "programme.channel": "group", "plan.tailored": 1.0,
               "plan.local_room": 1.0, "mix.training": 0.2, "mix.market": 0.6, "cluster.firms": 60,
               "programme.market_networks": True, "programme.self_organisation": True}  # fmt: skip
    outcome = Outcome.of(Choice.preset("gap-market").change(changes))
    for language in LOCALES:
        page = browser.new_page()
        page.set_content(summary_page(Words(language), outcome, "http://127.0.0.1:8765/?" + "key=value&" * 30))
        assert len(re.findall(rb"/Type */Page\b", page.pdf(prefer_css_page_size=True))) == 1
        page.close()


def test_a_cluster_of_thousands_is_painted_and_its_firms_tell_their_story(visit):
    here = visit("?cluster.firms=8000&months=14&programme.enabled=false&lang=id", settled=False)
    here.tab("map")
    page = here.page
    painted = """() => {
      const canvas = document.querySelector('.ks-stage canvas');
      const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      return dots.reduce((found, value, k) => found + (k % 4 === 3 && value > 0 ? 1 : 0), 0);
    }"""
    # 8,000 dots of at least 3 by 3 pixels.
    assert page.evaluate(painted) > 72_000
    # The centre of the map's right half, where firms stand: 830 of 1,000 across.
    box = page.locator(".ks-map").bounding_box()
    page.mouse.move(box["x"] + 0.83 * box["width"], box["y"] + 0.5 * box["height"])
    page.wait_for_function("document.querySelector('.ks-story').textContent.includes('mengenal')")
    assert page.locator(".ks-map .ks-pointed").count() == 1
    assert page.locator(".ks-map .ks-tie").get_attribute("d").startswith("M")
    before = here.digest
    here.slide("Jumlah usaha", "ArrowLeft")
    assert here.digest != before
    keep(here, "crowd")
    assert overflowing(here) == []


def test_presenting_shows_one_panel_in_large_type(visit):
    here = visit("?lang=id")
    small = here.page.evaluate("parseFloat(getComputedStyle(document.querySelector('.ks-headline p')).fontSize)")
    here.page.get_by_role("button", name="Tampilkan besar").click()
    here.page.wait_for_selector(".ks-presenting")
    large = here.page.evaluate("parseFloat(getComputedStyle(document.querySelector('.ks-headline p')).fontSize)")
    assert large >= 1.3 * small
    assert here.page.locator(".ks-controls").count() == 0
    keep(here, "presenting")
    assert overflowing(here) == []
    here.page.get_by_role("button", name="Kembali mengatur").click()
    here.page.wait_for_selector(".ks-controls")


def test_the_tipping_view_is_refined_while_the_page_goes_on(visit):
    here = visit("?cluster.firms=10&months=40&programme.start=5&programme.end=20&lang=id")
    here.tab("tipping")
    here.page.wait_for_selector('[data-panel="tipping"] [data-step="0"], [data-panel="tipping"] [data-step="1"]')
    here.slide("Anggaran")
    here.page.wait_for_selector('[data-panel="tipping"] [data-step="3"][data-state="done"]')
    assert here.page.locator(".ks-cell").count() == 81
    assert "Anda di sini" in here.page.locator(".ks-phase").inner_text()
    keep(here, "tipping")


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(visit):
    here = visit("?lang=id")
    nameless = here.page.evaluate(
        """() => [...document.querySelectorAll('.ks-page [role="slider"], .ks-page button, .ks-page input')]
             .filter((each) => each.offsetParent !== null)
             .filter((each) => !(each.getAttribute('aria-label') || each.textContent.trim()
               || (each.labels && each.labels.length) || each.closest('label') || each.type === 'hidden'
               || each.closest('.v-slider, .v-select')))
             .map((each) => each.outerHTML.slice(0, 200))"""
    )
    assert nameless == []
    for _ in range(12):
        here.page.keyboard.press("Tab")
    assert here.page.evaluate("document.activeElement !== document.body")


def test_mesas_own_page_shows_the_cluster(visit, server):
    here = visit("?lang=id")
    here.page.goto(f"{server.url}mesa")
    here.page.get_by_role("button", name="Step").wait_for()
    here.page.get_by_role("button", name="Step").click()
    here.page.get_by_text("Budget, Rp million a year").first.wait_for()
    here.page.get_by_text(re.compile("(Step|Time): 1")).first.wait_for()
    keep(here, "mesa")
