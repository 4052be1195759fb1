// What a page tells a person: what happened (#answer), what went wrong (#alert), and how long to wait.

const alertBox = document.getElementById("alert");
const answer = document.getElementById("answer");
let waiting = null; // the timer of a wait, while no button can be pressed

function setButtons(isOff) {
  for (const button of document.querySelectorAll("button")) button.disabled = isOff;
}

function endWait() {
  clearInterval(waiting);
  waiting = null;
}

export function say(text) {
  alertBox.textContent = "";
  answer.textContent = text;
}

export function complain(text) {
  answer.textContent = "";
  alertBox.textContent = text;
}

function counted(number, unit) {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

function inWords(seconds) {
  if (seconds < 120) return counted(seconds, "second");
  return seconds < 7200 ? counted(Math.ceil(seconds / 60), "minute") : counted(Math.ceil(seconds / 3600), "hour");
}

// Counts down in the alert. The span is a live region of its own that is off, so that nobody hears every second.
function wait(seconds) {
  const end = Date.now() + seconds * 1000;
  const countdown = document.createElement("span");
  countdown.setAttribute("role", "timer");
  countdown.setAttribute("aria-live", "off");
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      countdown.textContent = ` Try again in ${inWords(left)}.`;
      return;
    }
    endWait();
    setButtons(false);
    say("You can try again now.");
  };
  endWait();
  waiting = setInterval(tick, 500);
  tick();
  alertBox.append(countdown);
  setButtons(true);
}

function ownTime(moment) {
  return new Date(moment).toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" });
}

// Returns what a problem document says, in one or two sentences, with times as this person writes them.
export function sentence(problem) {
  const text = problem.detail.replace(/[^.!?]$/, "$&.");
  return problem.until ? text.replace(problem.until, () => ownTime(problem.until)) : text;
}

// Marks the fields that are wrong, and ties them to the alert.
export function markInvalid(form, names) {
  for (const field of form.querySelectorAll("input")) {
    const isWrong = names.includes(field.name);
    if (isWrong) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", "alert");
    } else {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }
}

// Returns the names of the members that a refusal complains about.
export function wrongMembers(problem) {
  return (problem.errors ?? []).map(({ pointer }) => pointer.slice(1));
}

// Shows the refusal of a request that `form` has sent. After a refusal with a time to wait, no button works until then.
export function refuse(response, problem, form) {
  complain(sentence(problem));
  markInvalid(form, wrongMembers(problem));
  const seconds = Number(response.headers.get("Retry-After"));
  if (seconds > 0) wait(seconds);
}

// Runs the task of a button. Meanwhile no button can be pressed. Returns false if the service could not be reached.
export async function work(task) {
  say("…");
  endWait();
  setButtons(true);
  try {
    await task();
    return true;
  } catch {
    complain("The service can't be reached. Try again.");
    return false;
  } finally {
    if (waiting === null) setButtons(false);
  }
}
