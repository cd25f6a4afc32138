/*
 * Suggested statements: decided on without leaving the page, and by keys. Everything here can be done without it.
 * Wants keys.js before it.
 */
"use strict";

(() => {
  const WAITING = ".suggestion:not(.over)";

  const rows = () => [...document.querySelectorAll(WAITING)];
  const current = () => document.activeElement.closest(WAITING);

  const focus = (row) => {
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: row.offsetHeight > innerHeight ? "start" : "nearest" });
  };

  const walk = (step) => {
    const all = rows();
    const at = all.indexOf(current());
    const row = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
    if (row) focus(row);
  };

  // Nothing is decided on that nobody looks at: the first key leads to the first of them.
  const onCurrent = (act) => () => {
    const row = current();
    if (row) act(row); else walk(1);
  };

  // What happened, in a line that is read out.
  const line = () => document.getElementById("decided");
  const say = (...words) => line().replaceChildren(...words);
  const ours = (html) => document.createRange().createContextualFragment(html);

  const countDown = () => {
    const left = document.querySelector("[data-waiting]");
    if (!left) return;
    left.dataset.waiting = Math.max(Number(left.dataset.waiting) - 1, 0);
    left.textContent = Number(left.dataset.waiting).toLocaleString("en");
  };

  const settle = (row, told, accepted) => {
    const next = rows()[rows().indexOf(row) + 1];
    row.classList.add("over");
    const message = document.createElement("p");
    message.append(told.cloneNode(true));
    row.replaceChildren(message);
    for (const mark of document.querySelectorAll(`mark[data-of~="${row.dataset.pk}"]`)) {
      mark.classList.replace("suggested", accepted ? "unlinked" : "rejected");
    }
    countDown();
    const then = next ?? rows()[0];
    say(told);
    if (then) return focus(then);
    const more = document.querySelector("a.more-to-decide")?.cloneNode(true);
    if (more) {
      more.hidden = false;
      line().append(" ", more);
      more.focus();
    } else {
      focus(row);
    }
  };

  const send = async (row, form) => {
    if (row.classList.contains("sending")) return;
    row.classList.add("sending");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual",
      });
      if (!answer.headers.get("Content-Type")?.includes("json")) throw new Error(answer.status || "signed out");
      const { message, over } = await answer.json();
      if (over) settle(row, ours(message), answer.ok && form.matches(".accept")); else say(ours(message));
    } catch {
      say("Not saved: the server did not take it. Load the page again, sign in if you are asked to, and try once more.");
    } finally {
      row.classList.remove("sending");
    }
  };

  // Accept

  document.addEventListener("submit", (event) => {
    const row = event.target.closest(WAITING);
    if (!row || !event.target.matches("form.accept")) return;
    event.preventDefault();
    send(row, event.target);
  });

  const accept = (row) => {
    const form = row.querySelector("form.accept");
    if (form) form.requestSubmit(); else say("It is not clear who is meant: correct it, and choose.");
  };

  // Reject: the reason is asked for in a dialog.

  const dialog = () => document.getElementById("reject");
  let asked = null;

  const askWhy = (row) => {
    const form = dialog().querySelector("form");
    asked = row;
    form.reset();
    form.action = row.querySelector("a.reject").href;
    form.elements.lock.value = row.dataset.lock;
    dialog().querySelector(".rejected-words").textContent = row.dataset.words;
    wantWords(form);
    dialog().showModal();
    form.querySelector("[name=ready]:checked").focus();
  };

  const wantWords = (form) => {
    form.elements.own.required = form.elements.ready.value === "other";
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.reject");
    const row = link?.closest(WAITING);
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    askWhy(row);
  });

  document.addEventListener("change", (event) => event.target.closest("#reject") && wantWords(event.target.form));

  document.addEventListener("click", (event) => event.target.matches("#reject .cancel") && dialog().close());

  document.addEventListener("submit", (event) => {
    if (!event.target.closest("#reject")) return;
    event.preventDefault();
    dialog().close();
    send(asked, event.target);
  });

  const follow = (selector) => (row) => row.querySelector(selector)?.click();

  window.hearsayKeys.bind([
    { key: "j", does: "Next suggestion", here: WAITING, act: () => walk(1), repeats: true },
    { key: "k", does: "Suggestion before", here: WAITING, act: () => walk(-1), repeats: true },
    { key: "a", does: "Accept it as it stands", here: WAITING, act: onCurrent(accept) },
    { key: "e", does: "Correct it in its form", here: "a.correct", act: onCurrent(follow("a.correct")) },
    { key: "x", does: "Reject it, with a reason", here: WAITING, act: onCurrent(askWhy) },
    { key: "o", does: "Open its article", here: "a.open-article", act: onCurrent(follow("a.open-article")) },
  ]);

  // Whoever comes back from a form is led to the next one.
  document.addEventListener("DOMContentLoaded", () => {
    const row = document.querySelector(`${WAITING}[data-pk="${CSS.escape(location.hash.slice(2))}"]`);
    if (!row) return;
    const told = document.querySelectorAll(".messages .message");
    if (told.length === 1) {
      say(...told[0].childNodes);
      told[0].parentElement.remove();
    }
    focus(row);
  });
})();
