// Signs people out and sends them back to where they came from. It takes a click: a link alone signs nobody out.
import { complain, say, work } from "./messages.js";
import { endSession, signedInUser, takeAddress, wayBack } from "./session.js";

const form = document.getElementById("form");
const who = document.getElementById("who");
const onward = document.getElementById("onward");
const { returnTo } = takeAddress();

async function signOut() {
  if (!(await endSession())) {
    complain("You could not be signed out. Try again.");
    return;
  }
  form.hidden = true;
  say("You are signed out.");
  onward.hidden = false;
  const back = await wayBack(returnTo);
  if (back !== "/") location.replace(back);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  work(signOut);
});

try {
  const user = await signedInUser();
  if (user) who.textContent = `You are signed in as ${user.username}.`;
} catch {
  // The button works without the name.
}
