// Signs people out and sends them back to where they came from. It takes a click: a link alone signs nobody out.
import { endSession, signedInUser, takeAddress, wayBack } from "./session.js";

const form = document.getElementById("form");
const who = document.getElementById("who");
const answer = document.getElementById("answer");
const onward = document.getElementById("onward");
const { returnTo } = takeAddress();

async function signOut() {
  if (!(await endSession())) {
    answer.textContent = "You could not be signed out. Try again.";
    return;
  }
  form.hidden = true;
  answer.textContent = "You are signed out.";
  onward.hidden = false;
  const back = await wayBack(returnTo);
  if (back !== "/") location.replace(back);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  answer.textContent = "…";
  try {
    await signOut();
  } catch {
    answer.textContent = "The service can't be reached. Try again.";
  } finally {
    button.disabled = false;
  }
});

try {
  const user = await signedInUser();
  if (user) who.textContent = `You are signed in as ${user.username}.`;
} catch {
  // The button works without the name.
}
