// What the pages gain where there is JavaScript: time and what the desk does show without loading the page again.
// Everything works without it.
"use strict";

const every = 1000;
let revision = document.body.dataset.rev;
let busy = false;

function replace(from) {
  for (const next of from.querySelectorAll("[data-live][id]")) {
    const here = document.getElementById(next.id);
    // What somebody is using just now stays as it is until they are done.
    if (!here || here.contains(document.activeElement) || here.querySelector("details[open]")) continue;
    if (here.innerHTML !== next.innerHTML) here.innerHTML = next.innerHTML;
  }
}

async function look() {
  if (busy || document.hidden || revision === undefined) return;
  busy = true;
  try {
    const answer = await fetch("/play/status", { cache: "no-store" });
    if (!answer.ok) return;
    const told = await answer.json();
    const clock = document.getElementById("clock");
    if (clock) clock.textContent = told.clock;
    for (const field of document.querySelectorAll("[data-now]")) field.value = told.now;
    const due = document.getElementById("due");
    if (due) {
      due.disabled = !told.due;
      due.querySelector("span").textContent = `Next ${told.what || "due"}`;
      due.querySelector(".sub").textContent = told.due || "none";
    }
    const says = document.getElementById("busy");
    if (says && says.textContent !== told.busy) says.textContent = told.busy;
    if (told.rev === revision) return;
    revision = told.rev;
    const page = await fetch(location.href, { cache: "no-store" });
    if (page.ok) replace(new DOMParser().parseFromString(await page.text(), "text/html"));
    for (const count of document.querySelectorAll("[data-count]")) {
      const names = { issues: "cases" };
      count.textContent = told.counts[names[count.dataset.count] || count.dataset.count];
    }
  } catch {
    // The sandbox has ended or is starting again: the next look finds out.
  } finally {
    busy = false;
  }
}

if (revision !== undefined) setInterval(look, every);

// Whom one is changes as soon as somebody else is chosen by pointer; by keyboard the button does it.
const who = document.getElementById("who");
if (who) {
  let pointed = false;
  who.addEventListener("pointerdown", () => { pointed = true; });
  who.addEventListener("keydown", () => { pointed = false; });
  who.addEventListener("change", () => { if (pointed) who.form.requestSubmit(); });
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
