// Confirms an address with the code of a mail: in a session of the account, or with its address and password.
import { complain, markInvalid, refuse, say, work } from "./messages.js";
import { post, renewSession, signedInUser, signInPage, takeAddress, wayBack } from "./session.js";

const form = document.getElementById("form");
const again = document.getElementById("again");
const onward = document.getElementById("onward");
const session = document.getElementById("session");
const credentials = document.getElementById("credentials");
let { returnTo } = takeAddress();

function showOnward() {
  onward.querySelector("a").href = signInPage(returnTo);
  onward.hidden = false;
}

function askForCredentials() {
  session.hidden = true;
  credentials.hidden = false;
  credentials.disabled = false;
  document.getElementById("email").focus();
}

function askForCodeOnly(user) {
  document.getElementById("name").textContent = user.username;
  session.hidden = false;
  credentials.hidden = true;
  credentials.disabled = true; // what is off is not sent
  document.getElementById("code").focus();
}

async function begin() {
  let user = await signedInUser();
  if (!user && (await renewSession())) user = await signedInUser();
  say("");
  if (user) askForCodeOnly(user);
  else askForCredentials();
}

async function send() {
  const response = await post(form.dataset.path, Object.fromEntries(new FormData(form)));
  const told = await response.json();
  if (response.ok) {
    form.hidden = true;
    again.hidden = true;
    returnTo = told.return_to ?? returnTo;
    say(told.message);
    showOnward();
    onward.querySelector("a").focus();
    return;
  }
  refuse(response, told, form);
  if (told.code === "invalid_credentials") markInvalid(form, ["email", "password"]);
  if (told.code !== "one_time_token_invalid") return;
  complain("The code is not valid, or no longer valid. Check it, or ask for a new mail.");
  markInvalid(form, ["code"]);
  again.hidden = false;
}

async function askAgain() {
  const body = Object.fromEntries(new FormData(again));
  const back = await wayBack(returnTo);
  if (back !== "/") body.return_to = back;
  const response = await post(again.dataset.path, body);
  const told = await response.json();
  if (response.ok) say(told.message);
  else refuse(response, told, again);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  work(send);
});
again.addEventListener("submit", (event) => {
  event.preventDefault();
  work(askAgain);
});
document.getElementById("other").addEventListener("click", askForCredentials);

form.hidden = false;
if (!(await work(begin))) askForCredentials();
