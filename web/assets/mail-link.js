// Serves every page that a mail links to. The form says what it sends: data-path is where to, its fields' names are
// the members, and data-done is what the person reads when the answer has no words of its own. The form #again asks for
// another mail.
//
// The token is after the #, which no server and no log ever sees, and leaves the address bar and the history at once. Opening
// the page only asks what the link is for, because mail scanners open links too. Only the person's own click uses it.
import { complain, markInvalid, refuse, say, sentence, work, wrongMembers } from "./messages.js";
import { post, renewSession, signInPage } from "./session.js";

const form = document.getElementById("form");
const again = document.getElementById("again");
const onward = document.getElementById("onward");
const username = document.getElementById("username");
const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", location.pathname);
let returnTo = "";

function show(element) {
  element.hidden = false;
  element.querySelector("input:not([readonly])")?.focus();
}

function showOnward() {
  onward.querySelector("a").href = signInPage(returnTo);
  onward.hidden = false;
}

function finish(text) {
  form.hidden = true;
  say(text);
  showOnward();
  onward.querySelector("a").focus();
}

function giveUp(tell, text) {
  form.hidden = true;
  tell(text);
  showOnward();
  if (again) show(again);
}

function isDead(problem) {
  return ["one_time_token_invalid", "link_superseded"].includes(problem.code) || wrongMembers(problem).includes("token");
}

function describe(link) {
  returnTo = link.return_to ?? "";
  const sentTo = document.getElementById("sent-to");
  if (sentTo) sentTo.textContent = link.sent_to;
  if (!username) return;
  username.value = link.email ?? "";
  const name = document.getElementById("name");
  if (name) name.textContent = link.username ? ` (${link.username})` : "";
  username.closest("p").hidden = !link.email;
}

async function begin() {
  const response = await post("/api/mail-link/", { token });
  const told = await response.json();
  if (!response.ok) {
    if (isDead(told)) {
      giveUp(complain, sentence(told));
      return;
    }
    show(form);
    refuse(response, told, form);
    return;
  }
  describe(told);
  say("");
  if (told.done) finish(form.dataset.doneBefore);
  else show(form);
}

async function send() {
  const response = await post(form.dataset.path, { token, ...Object.fromEntries(new FormData(form)) });
  if (response.status === 204) {
    finish(form.dataset.done);
    return;
  }
  const told = await response.json();
  if (response.ok) {
    finish(told.message);
  } else if (isDead(told)) {
    giveUp(complain, sentence(told));
  } else {
    refuse(response, told, form);
    if (told.code === "invalid_credentials") markInvalid(form, ["password"]);
  }
}

async function askAgain() {
  const body = Object.fromEntries(new FormData(again));
  if (returnTo) body.return_to = returnTo;
  let response = await post(again.dataset.path, body);
  if (response.status === 401 && (await renewSession())) response = await post(again.dataset.path, body);
  const told = await response.json();
  if (response.ok) {
    again.hidden = true;
    say(told.message);
  } else if (response.status === 401) {
    complain("Sign in first, then ask for a new link here.");
    returnTo = location.pathname;
    showOnward();
  } else {
    refuse(response, told, again);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  work(send);
});
again?.addEventListener("submit", (event) => {
  event.preventDefault();
  work(askAgain);
});

if (!token && form.dataset.withoutToken) giveUp(say, form.dataset.withoutToken);
else if (!token) giveUp(complain, "This link is not complete. Open it from the mail again, or copy all of it.");
else if (!(await work(begin))) show(form);
