"use strict";

// Signs people in with cookies, and sends them back to where they came from: the address behind #return_to=, which
// stands there as it is, not encoded. The service alone says where somebody may be sent: its answer is followed, and
// no address that was made here. The page says what is asked: data-path is where to.
//
// Every fetch keeps its default mode: with "same-origin", and our pages' Referrer-Policy, a browser would say
// "Origin: null", which is not us.
const page = document.getElementById("page");
const form = document.getElementById("form");
const email = document.getElementById("email");
const password = document.getElementById("password");
const answer = document.getElementById("answer");
const forgot = document.getElementById("forgot");
const resend = document.getElementById("resend");

const bounce = 10_000; // ms: who is back sooner was sent back by a machine

// The address bar forgets the way back; a reload finds it in the history.
const mark = "#return_to=";
const returnTo = location.hash.startsWith(mark) ? location.hash.slice(mark.length) : (history.state?.returnTo ?? "");
history.replaceState({ returnTo }, "", location.pathname);

function say(text) {
  answer.textContent = text;
}

function fail(text) {
  say(text);
  password.value = "";
  password.focus();
}

function showForm(text) {
  say(text);
  form.hidden = false;
  email.focus();
}

function post(path, body, headers = {}) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

function inWords(seconds) {
  if (seconds === 1) return "a second";
  return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

function refusal(response, problem) {
  const wait = response.headers.get("Retry-After");
  const sentence = problem.detail.replace(/[^.!?]$/, "$&.");
  return wait ? `${sentence} Wait for ${inWords(Number(wait))}.` : sentence;
}

// A page that never gets our cookie sends everybody back at once: without a person in between that would not end.
function cameRightBack() {
  try {
    const sent = JSON.parse(sessionStorage.getItem("sent"));
    return sent?.returnTo === returnTo && Math.abs(Date.now() - sent.at) < bounce;
  } catch {
    return false;
  }
}

function noteSending() {
  try {
    sessionStorage.setItem("sent", JSON.stringify({ returnTo, at: Date.now() }));
    return true;
  } catch {
    return false; // who can't remember must not send silently
  }
}

async function wayBack() {
  if (!returnTo) return "/";
  const response = await fetch(`${page.dataset.returnPath}?to=${encodeURIComponent(returnTo)}`);
  if (!response.ok) throw new Error("no way back");
  return (await response.json()).url;
}

async function sendOn() {
  form.hidden = true;
  say("You are signed in.");
  try {
    location.replace(await wayBack());
  } catch {
    say("You are signed in, but the way back can't be found at the moment. Open the page that you wanted again.");
  }
}

async function isSignedIn() {
  try {
    return (await fetch(page.dataset.path, { method: "POST" })).ok;
  } catch {
    return false; // the form will tell
  }
}

async function begin() {
  if (cameRightBack()) {
    showForm(
      "You had signed in, but the page that you wanted sent you back here. Either your browser refuses cookies, or " +
        "the page does not get ours: if signing in again does not help, tell its administrator.",
    );
    return;
  }
  say("Looking whether you are signed in…");
  if ((await isSignedIn()) && noteSending()) await sendOn();
  else showForm("");
}

// Runs what a button asks for; meanwhile no button can be pressed.
async function work(task) {
  const buttons = document.querySelectorAll("button");
  say("…");
  for (const button of buttons) button.disabled = true;
  try {
    await task();
  } catch {
    fail("The service can't be reached. Try again.");
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

// The browser's own idea of an address is narrower than ours; what is acceptable, the service says.
function isMissing(field) {
  return field.validity.valueMissing && !field.reportValidity();
}

async function signIn() {
  resend.hidden = true;
  const response = await post(
    form.dataset.path,
    { email: email.value, password: password.value, device_type: "web" },
    { "X-Session-Mode": "cookie" },
  );
  if (response.ok) {
    noteSending();
    await sendOn();
    return;
  }
  const problem = await response.json();
  fail(refusal(response, problem));
  resend.hidden = problem.code !== "email_unverified";
}

async function askForMail(path) {
  const response = await post(path, { email: email.value });
  const told = await response.json();
  if (response.ok) say(told.message);
  else fail(refusal(response, told));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isMissing(email) && !isMissing(password)) work(signIn);
});

for (const button of [forgot, resend]) {
  button.addEventListener("click", () => {
    if (!isMissing(email)) work(() => askForMail(button.dataset.path));
  });
}

begin();
