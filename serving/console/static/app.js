// Small comforts; every page works without them.
(() => {
  "use strict";
  const words = document.body.dataset;

  // Copy a household's code: it is written in groups, and copied without a blank.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const status = document.getElementById("status");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      if (status) status.textContent = words.copied || "";
    } catch {
      const range = document.createRange();
      const shown = document.getElementById(button.getAttribute("aria-describedby") || "");
      if (shown) {
        range.selectNodeContents(shown);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
      }
    }
  });

  // Show or hide a password.
  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-shows]");
    if (!box) return;
    const field = document.getElementById(box.dataset.shows);
    if (field) field.type = box.checked ? "text" : "password";
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  for (const button of document.querySelectorAll("[data-print], [data-copy]")) button.hidden = false;

  // Answers that were typed and not sent.
  let dirty = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-keep]")) dirty = true;
  });
  document.addEventListener("submit", (event) => { if (event.target.matches("form[data-keep]")) dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

  // A form that is sent over a bad line: the answers stay on the screen until they have arrived, and nowhere else.
  // Only an answer that holds the form takes its place; of any other one its sentence is told beside the answers. What
  // says that they were not sent says of the next try how that goes.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-send]")) return;
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    dirty = true;
    form.setAttribute("aria-busy", "true");
    const unsent = document.getElementById("unsent");
    const [failed, now] = unsent.querySelectorAll("p");
    const again = unsent.querySelector("button");
    const button = form.contains(event.submitter) ? event.submitter : form.querySelector("button");
    const name = button.textContent;
    const tell = (text) => {
      button.textContent = now.textContent = document.getElementById("status").textContent = text;
    };
    const trying = (on) => {
      if (on && document.activeElement === again) unsent.focus();
      unsent.className = on ? "note" : "errors";
      failed.hidden = again.hidden = on;
      now.hidden = !on;
    };
    trying(true);
    tell(words.sending);
    const late = new AbortController();
    const timers = [setTimeout(() => tell(words.slow), 8000), setTimeout(() => late.abort(), 30000)];
    let why = "", sent = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "text/html" }, signal: late.signal });
      if (answer.redirected) {
        dirty = false;
        sent = !new URL(answer.url).pathname.startsWith("/masuk");  // else the session had ended
        // Who comes back to the form finds it as it was.
        window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
        window.location.assign(answer.url);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = page.querySelector("main");
      if (main && main.querySelector("#isian")) {
        document.title = page.title;
        document.querySelector("main").replaceWith(main);
        (main.querySelector("#errors") || main).focus();
        return;
      }
      if (main && main.querySelector("[data-kept]")) dirty = false;  // reloaded, the form has the answers again
      const sentence = main && main.querySelector("h1 + p");
      why = sentence ? sentence.textContent : words.strange.replace("{n}", answer.status);
    } catch {
      why = late.signal.aborted ? words.late : "";
    } finally {
      timers.forEach(clearTimeout);
      if (sent) {
        tell(words.sent);
        unsent.className = "note ok";
      } else {
        form.removeAttribute("aria-busy");
        tell(name);
        document.getElementById("status").textContent = "";
      }
    }
    trying(false);
    unsent.querySelector("[data-why]").textContent = why;
    unsent.hidden = false;
    again.focus();
  });

  // After a part of the page was replaced the reader goes on at its heading; of a quiet one its sentence is read out.
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.target && (document.getElementById(event.detail.target.id) || event.detail.target);
    const heading = part && part.querySelector("h1, h2, h3");
    if (part && part.hasAttribute("data-quiet")) {
      const told = part.querySelector("[data-told]");
      document.getElementById("status").textContent = told ? told.textContent : "";
    } else if (heading) {
      heading.tabIndex = -1;
      heading.focus();
    }
  });
  let slow;
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target.setAttribute("aria-busy", "true");
    slow = setTimeout(() => {
      const status = document.getElementById("status");
      if (status) status.textContent = words.slow || "";
    }, 8000);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    clearTimeout(slow);
    if (event.detail.target) event.detail.target.removeAttribute("aria-busy");
  });

  // Five minutes before the session ends for want of activity.
  const idle = document.getElementById("idle");
  if (idle) {
    const minutes = Number(idle.dataset.after);
    let timer;
    const begin = () => {
      clearTimeout(timer);
      timer = setTimeout(() => { idle.hidden = false; }, minutes * 60000);
    };
    begin();
    document.addEventListener("htmx:afterRequest", begin);
    const stay = idle.querySelector("form");
    stay.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await fetch(stay.action, { method: "POST", body: new URLSearchParams(new FormData(stay)) });
      // A session that has ended is answered by the way to the sign-in page.
      if (answer.ok && !answer.redirected) { idle.hidden = true; begin(); } else { window.location.reload(); }
    });
  }
})();
