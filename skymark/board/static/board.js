// What both pages share: the events, the clock between two of them, and how times are said.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const byId = (id) => document.getElementById(id);

// The server's clock counts: `ahead` is by how much it is before this browser's.
let ahead = 0;
let state = null;

export function follow(show, tick) {
  const events = new EventSource(document.body.dataset.events);
  const take = (said) => {
    state = said;
    ahead = state.now - Date.now();
    show(state);
    tick(state, reading(state));
    announce(state);
  };
  events.onmessage = (event) => {
    byId("offline").hidden = true;
    take(JSON.parse(event.data));
  };
  events.onerror = () => { byId("offline").hidden = false; };
  setInterval(() => state && tick(state, reading(state)), 250);
  return take;
}

// The clock as skymark/board/timetable.py reads it, at this moment.
function reading(state) {
  const now = Date.now() + ahead;
  const passed = Math.max(now - state.now, 0);
  const isOn = state.phase === "running" || state.phase === "paused";
  const spent = state.steps.map((step, at) => step.spent + (state.phase === "running" && at === state.step ? passed : 0));
  const toCome = state.steps.reduce(
    (sum, step, at) => sum + (at < state.step ? 0 : Math.max(step.planned - spent[at], 0)), 0);
  const planned = state.steps.reduce((sum, step) => sum + step.planned, 0);
  const ends = isOn ? now + toCome : state.ends;
  return {
    now,
    planned,
    spent,
    run: spent.reduce((sum, one) => sum + one, 0),
    left: state.steps[state.step].planned - spent[state.step],
    ends,
    behind: isOn ? ends - (state.started + planned) : state.behind,
  };
}

export function showClock(state, clock) {
  const step = state.steps[state.step];
  const [timer, words] = [byId("timer"), byId("timer-words")];
  text(byId("step-of"), `Step ${state.step + 1} of ${state.steps.length}${state.phase === "paused" ? ", paused" : ""}`);
  const tone = clock.left < 0 ? "over" : clock.left < MINUTE ? "soon" : "";
  if (state.phase === "before") {
    text(byId("step-of"), "Not started yet");
    text(byId("step-name"), "We begin soon");
    text(timer, minutes(clock.planned));
    text(words, `${state.steps.length} steps`);
  } else if (state.phase === "over") {
    text(byId("step-of"), "That was all");
    text(byId("step-name"), "The lesson is over");
    text(timer, minutes(clock.run));
    text(words, "in all");
  } else {
    text(byId("step-name"), step.name);
    text(timer, digits(Math.abs(clock.left), clock.left >= 0));
    text(words, clock.left < 0 ? "over time" : "left");
  }
  const isClock = state.phase === "running" || state.phase === "paused";
  timer.className = isClock ? tone : "words";
  words.className = isClock ? tone : "";
  text(byId("behind"), inWords(clock.behind, state.phase));
  byId("behind").className = clock.behind >= MINUTE ? "over" : "";
  text(byId("ends"), clock.ends === null ? "not known yet" : wall(clock.ends));
  return { isClock, tone };
}

export function showClass(state) {
  const { size, finished, stuck, waiting, unseen, out } = state.class;
  const parts = [
    [size, "in the class", ""], [finished, "at the end", "done"], [stuck, "stuck", "stuck"],
    [waiting, "held up", "soon"], [out, "cannot log in", "stuck"],
    [state.phase === "before" ? 0 : unseen, "not seen", "soft"],
  ];
  byId("class").replaceChildren(...parts.filter(([count], at) => count || at === 0).map(([count, words, tone]) => {
    const part = element("li", tone);
    part.append(element("b", "", String(count)), ` ${words}`);
    return part;
  }));
}

// Once for a step or a phase: a screen reader must not read a clock aloud.
let announced = "";
function announce(state) {
  const words = {
    before: "The lesson has not started.",
    running: `Step ${state.step + 1} of ${state.steps.length}: ${state.steps[state.step].name}.`,
    paused: "The lesson is paused.",
    over: "The lesson is over.",
  }[state.phase];
  if (words !== announced) {
    announced = words;
    byId("said").textContent = words;
  }
}

export function element(name, className = "", words = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (words) made.textContent = words;
  return made;
}

export function text(into, words) {
  if (into.textContent !== words) into.textContent = words;
}

// 4:05. What is left is rounded up, what is over is rounded down: 0:00 is the very end.
export function digits(ms, up = false) {
  const seconds = up ? Math.ceil(ms / 1000) : Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(seconds / 3600);
  return hours ? `${hours}:${parts.join(":")}` : `${Number(parts[0])}:${parts[1]}`;
}

export function minutes(ms) {
  const whole = Math.round(ms / MINUTE);
  return whole < 120 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`;
}

export function wall(ms) {
  return new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function inWords(behind, phase) {
  if (behind === null) return "not started";
  if (Math.abs(behind) < MINUTE) return phase === "over" ? "kept" : "on time";
  return behind > 0 ? `${minutes(behind)} behind` : `${minutes(-behind)} ahead`;
}
