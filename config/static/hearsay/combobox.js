/*
 * Search boxes of the admin: ARIA APG's editable combobox with a list, over a <select class="combobox"> that holds
 * only what is chosen and stays what the form sends. Rows come from the select's data-choices address.
 *
 * Keys: Down and Up walk the list, Enter chooses, Escape closes the list and, once more, undoes what was typed,
 * Backspace in an empty box removes the last of several. Leaving the box with nothing typed empties a single choice.
 * Words that are left there unchosen are chosen where exactly one row reads so; else they stay, the box says that they
 * are no choice, and they are sent beside the select's own value, for the server to refuse.
 */
"use strict";

(() => {
  const WAIT = 200; // milliseconds of quiet before asking
  const CHOOSE = "Choose from the list";
  const TYPED = "__typed"; // TYPED of articles/admin_widgets.py
  const boxes = [];
  let made = 0;

  const make = (tag, attributes = {}, text = "") => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };

  class Combobox {
    constructor(select) {
      this.select = select;
      this.multiple = select.multiple;
      this.rows = [];
      this.active = -1;
      this.asked = 0;
      this.known = new Set();
      this.build();
      this.listen();
      this.show();
      if (select.dataset.typed) {
        this.input.value = select.dataset.typed;
        this.keep();
      }
    }

    build() {
      const id = `combobox-${++made}`;
      this.box = make("div", { class: "combobox-box" });
      this.chips = make("ul", { class: "combobox-chips", "aria-label": "Chosen" });
      this.input = make("input", {
        type: "text", id, class: "vTextField", role: "combobox", autocomplete: "off", spellcheck: "false",
        "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
      });
      this.list = make("ul", { id: `${id}-list`, class: "combobox-list", role: "listbox", hidden: "" });
      this.status = make("span", { class: "visually-hidden", role: "status" });
      this.said = make("span", { id: `${id}-said`, class: "combobox-unchosen", "aria-live": "polite" });
      this.plus = this.select.parentElement.querySelector(":scope > .add-related");
      const label = this.select.labels[0];
      const name = this.select.getAttribute("aria-label") || (label ? label.textContent.replace(/:\s*$/, "") : "Search");
      this.list.setAttribute("aria-label", name);
      if (label) label.htmlFor = id; else this.input.setAttribute("aria-label", name);
      for (const attribute of ["aria-describedby", "aria-invalid"]) {
        if (this.select.hasAttribute(attribute)) this.input.setAttribute(attribute, this.select.getAttribute(attribute));
      }
      this.described = this.input.getAttribute("aria-describedby") ?? "";
      this.invalid = this.input.getAttribute("aria-invalid") ?? "false";
      this.input.disabled = this.select.disabled;
      this.select.hidden = true;
      if (this.multiple) this.box.append(this.chips);
      this.box.append(this.input, this.list, this.said, this.status);
      this.select.after(this.box);
    }

    listen() {
      this.input.addEventListener("input", () => this.ask(WAIT));
      this.input.addEventListener("click", () => this.list.hidden && this.ask(0));
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => this.leave());
      // A press on the list must not take the focus out of the box.
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.choose(this.rows[Number(option.dataset.row)]);
      });
      // Before the admin's own listener opens the window: what was typed is the name of what is made there.
      this.plus?.addEventListener("click", () => this.carry());
      // The admin's pop-ups change the select with jQuery, whose events only jQuery hears.
      django.jQuery(this.select).on("change", () => this.show());
    }

    key(event) {
      const keys = {
        ArrowDown: () => (this.list.hidden ? this.ask(0) : this.walk(1)),
        ArrowUp: () => (this.list.hidden ? this.ask(0) : this.walk(-1)),
        Enter: () => !this.list.hidden && this.active >= 0 && (this.choose(this.rows[this.active]), true),
        Escape: () => this.escape(),
        Backspace: () => this.multiple && this.input.value === "" && this.remove(this.chosen().at(-1)),
        Tab: () => false,
      };
      const act = keys[event.key];
      if (!act || event.isComposing) return;
      // Enter in a search box never sends the form: half a word is no choice.
      if (act() !== false || event.key === "Enter") event.preventDefault();
      if (event.key === "Escape") event.stopPropagation();
    }

    escape() {
      if (!this.list.hidden) return this.close();
      return this.undo();
    }

    chosen() {
      return [...this.select.selectedOptions].filter((option) => option.value !== "");
    }

    ask(wait) {
      const turn = ++this.asked;
      clearTimeout(this.timer);
      this.timer = setTimeout(async () => {
        const shown = this.chosen()[0];
        const typed = this.multiple || !shown || this.input.value !== shown.text ? this.input.value.trim() : "";
        const answer = await this.fetch(typed);
        if (turn === this.asked && document.activeElement === this.input) this.open(answer);
      }, wait);
    }

    async fetch(words) {
      try {
        const response = await fetch(`${this.select.dataset.choices}?q=${encodeURIComponent(words)}`);
        if (response.ok) return await response.json();
      } catch {
        // Said below: the reader can do nothing with the reason.
      }
      return { rows: [], more: false, error: "The list could not be loaded. Try again." };
    }

    open(answer) {
      const taken = new Set(this.multiple ? this.chosen().map((option) => option.value) : []);
      this.rows = answer.rows.filter((row) => !taken.has(row.id));
      this.active = -1;
      this.list.replaceChildren(...this.rows.map((row, index) => this.option(row, index)));
      const found = this.rows.length === 1 ? "1 found" : `${this.rows.length} found`;
      const said = answer.error || (this.rows.length ? found + (answer.more ? ", and more: type on" : "") : "Nothing found");
      if (!this.rows.length || answer.more) {
        this.list.append(make("li", { class: "combobox-said", role: "option", "aria-disabled": "true", "aria-selected": "false" }, said));
      }
      this.status.textContent = said;
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      this.input.removeAttribute("aria-activedescendant");
    }

    option(row, index) {
      const current = !this.multiple && this.chosen()[0]?.value === row.id;
      const option = make("li", {
        id: `${this.list.id}-${index}`, role: "option", "data-row": index, "aria-selected": String(current),
      }, row.label);
      if (row.note) option.append(make("span", { class: "combobox-note" }, row.note));
      return option;
    }

    walk(step) {
      if (!this.rows.length) return;
      this.list.children[this.active]?.classList.remove("active");
      this.active = (this.active + step + this.rows.length + (this.active < 0 && step < 0 ? 1 : 0)) % this.rows.length;
      const option = this.list.children[this.active];
      option.classList.add("active");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    }

    choose(row) {
      if (!this.multiple) this.select.replaceChildren(new Option("", ""));
      this.select.append(new Option(row.label, row.id, true, true));
      this.close();
      this.undo();
      this.changed();
      this.status.textContent = `${row.label} chosen`;
    }

    remove(option) {
      if (!option) return false;
      option.remove();
      this.changed();
      this.input.focus();
      this.status.textContent = `${option.text} removed`;
      return true;
    }

    changed() {
      django.jQuery(this.select).trigger("change");
    }

    close() {
      this.asked++;
      clearTimeout(this.timer);
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }

    leave() {
      this.close();
      if (this.unchosen()) {
        this.keep();
      } else if (!this.multiple && this.input.value.trim() === "" && this.chosen().length) {
        this.select.value = "";
        this.changed();
      } else {
        this.undo();
      }
    }

    // The words in the box that are no choice; empty where there are none.
    unchosen() {
      const typed = this.input.value.trim();
      return this.multiple || typed !== this.chosen()[0]?.text.trim() ? typed : "";
    }

    // What is typed and not chosen stays, is sent, and is complained of, unless it names exactly one row.
    keep() {
      this.say(true);
      const settled = this.settle(this.unchosen()).then(() => {
        if (this.settled === settled) this.settled = null;
      });
      this.settled = settled;
    }

    async settle(words) {
      const { rows, more } = await this.fetch(words);
      const same = rows.filter((row) => row.label.trim().toLowerCase() === words.toLowerCase());
      if (same.length === 1 && !more && words === this.unchosen()) this.choose(same[0]);
    }

    say(unchosen) {
      const row = this.plus ? `${CHOOSE}, or make it with +` : CHOOSE;
      this.said.textContent = unchosen ? row : "";
      if (unchosen) this.input.name = this.select.name + TYPED; else this.input.removeAttribute("name");
      this.input.setAttribute("aria-invalid", unchosen ? "true" : this.invalid);
      const described = `${this.described} ${unchosen ? this.said.id : ""}`.trim();
      if (described) this.input.setAttribute("aria-describedby", described); else this.input.removeAttribute("aria-describedby");
    }

    carry() {
      const address = new URL(this.plus.href);
      const words = this.unchosen();
      if (words) address.searchParams.set(this.select.dataset.nameField, words);
      else address.searchParams.delete(this.select.dataset.nameField);
      this.plus.href = address;
    }

    // Puts back what is chosen. The chips stay as they are: the focus may be on its way to one of them.
    undo() {
      this.input.value = this.multiple ? "" : this.chosen()[0]?.text ?? "";
      this.input.title = this.input.value;
      this.say(false);
    }

    show() {
      const chosen = this.chosen();
      // The admin says “change” when a page is ready, too: only a new choice takes the place of what was typed.
      const rows = chosen.map((option) => `${option.value} ${option.text}`);
      if (!this.unchosen() || rows.some((row) => !this.known.has(row))) this.undo();
      this.known = new Set(rows);
      if (!this.multiple) return;
      this.chips.hidden = chosen.length === 0;
      this.chips.replaceChildren(...chosen.map((option) => {
        const chip = make("li", {}, option.text);
        const remove = make("button", { type: "button", "aria-label": `Remove ${option.text}` }, "×");
        remove.addEventListener("click", () => this.remove(option));
        chip.append(remove);
        return chip;
      }));
    }
  }

  const enhance = (root) => {
    for (const select of root.querySelectorAll("select.combobox")) {
      // The empty row of an inline is a pattern for rows to come: its copies are made into boxes, not itself.
      if (!select.hidden && !select.closest(".empty-form")) boxes.push(new Combobox(select));
    }
  };

  // A form waits for the boxes that are looking up what was typed.
  document.addEventListener("submit", async (event) => {
    const waiting = boxes.filter((box) => box.settled && event.target.contains(box.input));
    if (!waiting.length) return;
    event.preventDefault();
    await Promise.all(waiting.map((box) => box.settled));
    event.target.requestSubmit(event.submitter);
  });

  document.addEventListener("DOMContentLoaded", () => enhance(document));
  document.addEventListener("formset:added", (event) => enhance(event.target));
})();
