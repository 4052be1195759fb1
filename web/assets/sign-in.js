// Signs people in with cookies, and sends them back to where they came from. Somebody who is signed in already is sent back
// at once if only the cookie had expired, and is asked otherwise: a page that refuses their account would send them here
// again and again.
import { complain, markInvalid, refuse, say, work } from "./messages.js";
import { endSession, post, renewSession, signedInUser, takeAddress, wayBack } from "./session.js";

const form = document.getElementById("form");
const email = document.getElementById("email");
const password = document.getElementById("password");
const choice = document.getElementById("choice");
const forgot = document.getElementById("forgot");
const unverified = document.getElementById("unverified");

const bounce = 10_000; // ms: a browser that is back sooner was sent back by a machine
const bounced =
  "You had signed in, but the page that you wanted sent you back here. Either your browser refuses cookies, or the page " +
  "does not get ours: if signing in again does not help, tell its administrator.";

const { returnTo, wantsSwitch } = takeAddress();

// Once the service has refused something, or can't be reached.
function clearPassword() {
  password.value = "";
  if (!form.hidden) password.focus();
}

function showForm(text) {
  say(text);
  choice.hidden = true;
  form.hidden = false;
  email.focus();
}

function showChoice(user, text) {
  say(text);
  document.getElementById("name").textContent = user.username;
  choice.hidden = false;
  document.getElementById("go-on").focus();
}

// A page that never gets our cookie sends everybody back at once. Without a person in between that would not end.
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
    return false; // a browser that can't remember must not be sent without a click
  }
}

async function sendOn() {
  form.hidden = true;
  choice.hidden = true;
  say("You are signed in.");
  try {
    location.replace(await wayBack(returnTo));
  } catch {
    complain("You are signed in, but the way back can't be found at the moment. Open the page that you wanted again.");
  }
}

async function begin() {
  const isBounce = cameRightBack();
  const text = isBounce ? bounced : "";
  say("Looking whether you are signed in…");
  let user = null;
  let hadExpired = false;
  try {
    user = await signedInUser();
    if (!user && (await renewSession())) {
      hadExpired = true;
      user = await signedInUser();
    }
  } catch {
    // The form will tell.
  }
  if (!user) showForm(text);
  else if (hadExpired && returnTo && !wantsSwitch && !isBounce && noteSending()) await sendOn();
  else showChoice(user, text);
}

async function workWithPassword(task) {
  if (!(await work(task))) clearPassword();
}

// The browser's own idea of an address is narrower than ours; the service says what is acceptable. Its own words replace
// those of an earlier answer.
function isMissing(field) {
  if (!field.validity.valueMissing) return false;
  say("");
  field.reportValidity();
  return true;
}

async function signIn() {
  unverified.hidden = true;
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
  refuse(response, problem, form);
  if (problem.code === "invalid_credentials") markInvalid(form, ["email", "password"]);
  clearPassword();
  unverified.hidden = problem.code !== "email_unverified";
}

async function askForMail(path) {
  const body = { email: email.value };
  const back = await wayBack(returnTo);
  if (back !== "/") body.return_to = back;
  const response = await post(path, body);
  const told = await response.json();
  if (response.ok) say(told.message);
  else refuse(response, told, form);
}

async function goOn() {
  await renewSession(); // so that sites get a cookie too that have none yet
  noteSending();
  await sendOn();
}

async function leave(text) {
  if (await endSession()) showForm(text);
  else complain("You could not be signed out. Try again.");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isMissing(email) && !isMissing(password)) workWithPassword(signIn);
});

for (const button of [forgot, document.getElementById("resend")]) {
  button.addEventListener("click", () => {
    if (!isMissing(email)) work(() => askForMail(button.dataset.path));
  });
}

document.getElementById("go-on").addEventListener("click", () => work(goOn));
document.getElementById("switch").addEventListener("click", () => work(() => leave("")));
document.getElementById("sign-out").addEventListener("click", () => work(() => leave("You are signed out.")));

document.getElementById("code").addEventListener("click", () => {
  location.assign(returnTo ? `/verify-code/#return_to=${returnTo}` : "/verify-code/");
});

begin();
