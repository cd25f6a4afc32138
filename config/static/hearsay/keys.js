/*
 * Single keys: a script says which there are, and this table of them both binds them and writes the dialog that lists
 * them. Everything here can be done without it. They are switched off in that dialog, for this browser.
 *
 * window.hearsayKeys.bind([{ key, shown, does, here, act, repeats }, …])
 *   shown    what the dialog calls the key, where not by itself
 *   here     a selector: the key is bound where the page has such a thing; without it everywhere
 *   act      what it does; false where there was nothing to do. Without it the browser does it by itself
 *   repeats  whether a key that is held down goes on doing it
 */
"use strict";

window.hearsayKeys = (() => {
  const OFF = "hearsay-keys-off";
  const table = [];

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // What a browser is told not to keep is not kept.
  const recall = (store, name) => {
    try {
      return store.getItem(name);
    } catch {
      return null;
    }
  };
  const keep = (store, name, value) => {
    try {
      if (value === null) store.removeItem(name); else store.setItem(name, value);
    } catch {
      // Nothing is lost but the convenience.
    }
  };

  const isOff = () => Boolean(recall(localStorage, OFF));
  const show = () => document.documentElement.classList.toggle("has-keys", !isOff());

  const bind = (entries) => {
    for (const entry of entries) {
      const known = table.some(({ key }) => key === entry.key);
      if (!known && (!entry.here || document.querySelector(entry.here))) table.push(entry);
    }
  };

  const isTyping = (element) => element.closest("input:not([type=checkbox], [type=radio]), select, textarea") || element.isContentEditable;

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]") || isOff()) return;
    const entry = table.find(({ key }) => key === event.key);
    if (!entry?.act || (event.repeat && !entry.repeats)) return;
    if (entry.act() !== false) event.preventDefault();
  });

  let help = null;

  const makeHelp = () => {
    const rows = table.map(({ key, shown, does }) =>
      make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, shown ?? key)), make("td", {}, does)));
    const on = make("input", { type: "checkbox", id: "keys-on" });
    on.checked = !isOff();
    on.addEventListener("change", () => {
      keep(localStorage, OFF, on.checked ? null : "yes");
      show();
    });
    const close = make("form", { method: "dialog" }, make("button", { class: "button" }, "Close"));
    const dialog = make("dialog", { class: "keys-help", "aria-labelledby": "keys-title" },
      make("h2", { id: "keys-title" }, "Keys of this page"),
      make("table", { class: "table" }, make("tbody", {}, ...rows)),
      make("label", { class: "check" }, on, "Single keys are on"),
      close);
    document.body.append(dialog);
    return dialog;
  };

  const showHelp = () => {
    help ??= makeHelp();
    help.showModal();
  };

  // After the scripts of the page have bound theirs.
  document.addEventListener("DOMContentLoaded", () => {
    bind([{ key: "?", does: "These keys", act: showHelp }]);
    show();
    const head = document.querySelector(".list-head");
    if (!head) return;
    const button = make("button", { type: "button", class: "button quiet keys" }, "Keys");
    button.addEventListener("click", showHelp);
    head.append(button);
  });

  return { bind, recall, keep };
})();
