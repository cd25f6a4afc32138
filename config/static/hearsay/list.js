/*
 * Lists: keys that walk the rows, the focus after a filter was taken off or more of its values came, and the panel as
 * somebody left it. Everything here can be done without it. Wants keys.js before it.
 */
"use strict";

(() => {
  const ROWS = ".claims > tbody > tr, .list .rows > li";
  const FACETS = "hearsay-facets";
  const CHIP = "hearsay-chip";
  const TICKED = "hearsay-ticked";

  const { recall, keep } = window.hearsayKeys;

  // Rows

  const linkOf = (row) => row.querySelector("a");
  const rowInFocus = () => document.activeElement.closest(ROWS);

  const walk = (step) => {
    const rows = [...document.querySelectorAll(ROWS)];
    const at = rows.indexOf(rowInFocus());
    const row = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (!row) return;
    linkOf(row).focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const expand = () => {
    const row = rowInFocus();
    if (!row || document.activeElement !== linkOf(row)) return false;
    const details = row.querySelector("details.expand");
    if (details) details.open = !details.open;
    return Boolean(details);
  };

  const toFilters = () => {
    const filters = document.querySelector("#filters .filters");
    if (!filters) return false;
    filters.open = true;
    [...filters.querySelectorAll("summary, a, input:not([type=hidden])")].find((each) => each.checkVisibility())?.focus();
    return true;
  };

  const toSearch = () => {
    const search = document.getElementById("id_q") ?? document.getElementById("search");
    search.focus();
    search.select();
  };

  window.hearsayKeys.bind([
    { key: "j", does: "Next row", here: ROWS, act: () => walk(1), repeats: true },
    { key: "k", does: "Row before", here: ROWS, act: () => walk(-1), repeats: true },
    { key: "Enter", does: "Open the row", here: ROWS },
    { key: " ", shown: "Space", does: "Show the statements of the row, or hide them", here: ROWS, act: expand },
    { key: "/", does: "Search", act: toSearch },
    { key: "f", does: "Filters", here: "#filters", act: toFilters },
    { key: "Delete", shown: "Delete or Backspace", does: "On an active filter: remove it" },
  ]);

  // Active filters

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (!["Delete", "Backspace"].includes(event.key) || !event.target.matches(".chip.removable")) return;
    event.preventDefault();
    event.target.click();
  });

  document.addEventListener("click", (event) => {
    const chip = event.target.closest(".chip.removable");
    if (chip) keep(sessionStorage, CHIP, [...document.querySelectorAll(".chip.removable")].indexOf(chip));
    const summary = event.target.closest(".facet > summary");
    if (summary) remember(summary.parentElement);
  });

  const focusNextChip = () => {
    const at = recall(sessionStorage, CHIP);
    if (at === null) return;
    keep(sessionStorage, CHIP, null);
    const chips = [...document.querySelectorAll(".chip.removable")];
    (chips[Number(at)] ?? chips.at(-1) ?? document.getElementById("list"))?.focus();
  };

  // Menus: one at a time.

  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("details.menu") || !event.target.open) return;
    for (const other of document.querySelectorAll("details.menu[open]")) if (other !== event.target) other.open = false;
  }, true);

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // Facets

  // A value looks like a box to tick, so Space ticks it.
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches("a.tick, a.not")) return;
    event.preventDefault();
    event.target.click();
  });

  // Ticking leads to another page: there the same value has the focus, at the same height.
  const placeOf = (link) => [link.closest(".facet")?.id, link.className, link.parentElement.querySelector(".name")?.textContent].join("|");

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#filters a.tick, #filters a.not");
    if (link) keep(sessionStorage, TICKED, JSON.stringify({ place: placeOf(link), top: scrollY }));
  });

  const backToTicked = () => {
    const ticked = JSON.parse(recall(sessionStorage, TICKED) ?? "null");
    if (!ticked) return;
    keep(sessionStorage, TICKED, null);
    const link = [...document.querySelectorAll("#filters a.tick, #filters a.not")].find((each) => placeOf(each) === ticked.place);
    if (!link) return;
    const facet = link.closest("details");
    if (facet) facet.open = true;
    link.focus({ preventScroll: true });
    scrollTo(0, ticked.top);
  };

  const folded = () => JSON.parse(recall(localStorage, FACETS) ?? "{}");

  // On the click, before it opens or closes.
  const remember = (facet) => keep(localStorage, FACETS, JSON.stringify({ ...folded(), [facet.id]: !facet.open }));

  const fold = (panel) => {
    const left = folded();
    for (const facet of panel.querySelectorAll(".facet:not(:has(.in-use))")) {
      if (facet.id in left) facet.open = left[facet.id];
    }
  };

  const namesIn = (facet) => [...facet.querySelectorAll(".tick")].map((tick) => tick.getAttribute("href"));
  let before = [];

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches(".more")) before = namesIn(event.target.closest(".facet"));
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const by = event.detail.requestConfig?.elt;
    if (!by) return;
    if (by.matches(".more")) {
      const facet = document.querySelector(by.getAttribute("hx-target"));
      const fresh = [...facet.querySelectorAll(".tick")].find((tick) => !before.includes(tick.getAttribute("href")));
      (fresh ?? facet.querySelector("summary")).focus();
    } else if (by.matches(".find")) {
      const number = by.closest(".facet").querySelectorAll(".value").length;
      by.querySelector("[role=status]").textContent = `${number} found`;
    } else if (by.closest("#filters")) {
      fold(by);
      backToTicked();
    }
  });

  document.addEventListener("DOMContentLoaded", focusNextChip);
})();
