import { byId, digits, element, follow, minutes, showClass, showClock, text, wall } from "./board.js";

const MOST_NAMES = 6;

function show(state) {
  showClass(state);
  document.body.dataset.phase = state.phase;
  text(byId("ends-words"), state.phase === "over" ? "Ended at" : "Ends at");
  const list = byId("steps");
  list.style.setProperty("--digits", String(state.class.size).length);
  while (list.children.length < state.steps.length) list.append(row());
  state.steps.forEach((step, at) => showStep(list.children[at], state, step, at));
}

function row() {
  const made = element("li");
  const how = element("div", "how");
  const bar = element("div", "bar");
  bar.setAttribute("aria-hidden", "true");
  bar.append(element("span", "part-done"), element("span", "part-here"));
  const counts = element("p", "counts");
  counts.append(element("span", "count-done"), element("span", "count-here"), element("span", "count-stuck"));
  how.append(bar, counts);
  const mark = element("span", "mark");
  mark.setAttribute("aria-hidden", "true");
  made.append(mark, element("span", "name"), element("span", "names"), element("span", "plan"), how);
  return made;
}

function showStep(made, state, step, at) {
  const part = (name) => made.querySelector(`.${name}`);
  const isOn = state.phase === "running" || state.phase === "paused";
  const is = state.phase === "over" || (isOn && at < state.step) ? "past" : isOn && at === state.step ? "current" : "";
  made.className = is;
  is === "current" ? made.setAttribute("aria-current", "step") : made.removeAttribute("aria-current");
  text(part("mark"), is === "past" ? "✓" : is === "current" ? "▶" : String(at + 1));
  text(part("name"), step.name);
  part("how").hidden = step.done === null;
  if (step.done !== null) {
    const percent = (count) => `${state.class.size ? (100 * count) / state.class.size : 0}%`;
    part("part-done").style.width = percent(step.done);
    part("part-here").style.width = percent(Math.min(step.here, state.class.size - step.done));
    count(part("count-done"), step.done, `of ${state.class.size} done`, "done");
    count(part("count-here"), step.here, "here", "here");
    count(part("count-stuck"), step.stuck, "stuck", "stuck");
  }
  const more = step.names.length - MOST_NAMES;
  const names = step.names.slice(0, MOST_NAMES).join(", ");
  text(part("names"), names && (more > 0 ? `Stuck: ${names} and ${more} more` : `Stuck: ${names}`));
}

function count(into, number, words, tone) {
  text(into, number || tone === "done" ? `${number} ${words}` : "");
  into.className = `count-${tone} ${number ? tone : "nobody"}`;
}

function tick(state, clock) {
  text(byId("wall"), wall(clock.now));
  const { isClock, tone } = showClock(state, clock);
  const bar = byId("timer-bar");
  const planned = state.steps[state.step].planned;
  bar.className = tone;
  bar.style.width = isClock ? `${Math.min(100, (100 * clock.spent[state.step]) / planned)}%` : state.phase === "over" ? "100%" : "0";
  text(byId("run"), `${minutes(clock.run)} of ${minutes(clock.planned)}`.replace(/ min of (.* min)$/, " of $1"));
  [...byId("steps").children].forEach((made, at) => {
    const spent = clock.spent[at];
    const words = minutes(state.steps[at].planned);
    text(made.querySelector(".plan"), spent ? `${digits(spent)} of ${words}` : words);
  });
}

follow(show, tick);
