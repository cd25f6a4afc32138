/* Says every 20 seconds that this page of the desk is open, and shows who else has it open. */
"use strict";

(() => {
  const EVERY = 20_000;

  document.addEventListener("DOMContentLoaded", () => {
    const line = document.getElementById("presence");
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!line || !token) return;

    const words = (leaving) => {
      const sent = new FormData();
      sent.append("csrfmiddlewaretoken", token);
      if (leaving) sent.append("leave", "1");
      return sent;
    };

    let timer = null;
    const stop = () => {
      clearInterval(timer);
      timer = null;
    };

    const say = async () => {
      try {
        const answer = await fetch(line.dataset.url, { method: "POST", body: words(false), redirect: "manual" });
        // A server that is away comes back; who may not change the row any more is told nothing more.
        if (!answer.ok) return answer.status >= 500 || stop();
        const { others } = await answer.json();
        if (line.textContent !== others) line.textContent = others;
      } catch {
        // No connection: the next time will do.
      }
    };

    const start = () => {
      stop();
      say();
      timer = setInterval(say, EVERY);
    };

    window.addEventListener("pageshow", start);
    window.addEventListener("pagehide", () => {
      if (timer) navigator.sendBeacon(line.dataset.url, words(true));
      stop();
    });
  });
})();
