/*
 * What the forms of the desk do beyond Django's own script: hops count on, the list of errors leads to its fields,
 * and a name that the address brought along fills in its slug.
 */
"use strict";

(() => {
  const POSITION = "[name^=attributions-][name$=-position]";

  const positions = () =>
    [...document.querySelectorAll(`.inline-related:not(.empty-form) ${POSITION}`)];

  const name = (input) => {
    const row = input.closest(".inline-related");
    const heading = row.querySelector(".row-heading");
    heading.textContent = heading.textContent.replace(/^Hop [^:]*/, `Hop ${input.value}`);
  };

  document.addEventListener("formset:added", (event) => {
    const added = event.target.querySelector(POSITION);
    if (!added) return;
    const others = positions().filter((input) => input !== added).map((input) => Number(input.value));
    added.value = Math.max(-1, ...others) + 1;
    name(added);
  });

  document.addEventListener("input", (event) => event.target.matches(POSITION) && name(event.target));

  // The select behind a search box cannot be seen: its box takes the focus.
  const focus = (link) => {
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const shown = field?.hidden ? field.nextElementSibling.querySelector("input") : field;
    if (!shown?.focus) return false;
    shown.focus();
    return document.activeElement === shown;
  };

  document.addEventListener("DOMContentLoaded", () => {
    const links = [...document.querySelectorAll(".complaints a")];
    for (const link of links) link.addEventListener("click", (event) => focus(link) && event.preventDefault());
    if (links.length) focus(links[0]);

    const slugs = document.getElementById("django-admin-prepopulated-fields-constants");
    for (const slug of JSON.parse(slugs?.dataset.prepopulatedFields ?? "[]")) {
      django.jQuery(slug.dependency_ids.join(",")).trigger("keyup");
    }
  });
})();
