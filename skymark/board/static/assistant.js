import { byId, element, follow, minutes, showClass, showClock, text, wall } from "./board.js";

const TOKEN = document.querySelector('meta[name="board-token"]').content;
const rows = new Map();
let latest = null;

const take = follow(show, showClock);

function show(state) {
  latest = state;
  showClass(state);
  for (const button of byId("buttons").children) {
    button.hidden = !state.can.includes(button.dataset.do);
    button.classList.toggle("first", button.dataset.do === { before: "start", running: "skip", paused: "resume" }[state.phase]);
    if (button.dataset.do === "start") text(button, state.phase === "over" ? "Start a new lesson" : "Start");
  }
  byId("unwritten").hidden = !state.unwritten;
  text(byId("unwritten"), state.unwritten ? `The time log cannot be written: ${state.unwritten}. The clock goes on; what is missing is written as soon as that works.` : "");
  showStudents(state);
}

function showStudents(state) {
  const body = byId("students");
  const focused = document.activeElement;
  const sought = byId("find").value.trim().toLowerCase();
  const sorted = state.students.map((one, at) => [urgency(one), at, one]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  sorted.forEach(([, , one], at) => {
    if (!rows.has(one.id)) rows.set(one.id, row(one));
    const made = rows.get(one.id);
    showStudent(made, one, state);
    made.hidden = !`${one.name} ${one.id}`.toLowerCase().includes(sought);
    if (body.children[at] !== made) body.insertBefore(made, body.children[at] ?? null);
  });
  // A row that is moved loses the focus.
  if (body.contains(focused)) focused.focus({ preventScroll: true });
}

function urgency(one) {
  return one.out ? 0 : one.stuck !== null ? 1 : one.waiting ? 2 : one.unseen ? 3 : one.finished ? 5 : 4;
}

function row(one) {
  const made = element("tr");
  const name = element("th", "name", one.name);
  name.scope = "row";
  const label = element("label", "tick");
  const box = element("input");
  box.type = "checkbox";
  box.setAttribute("aria-label", `${one.name} cannot log in`);
  box.addEventListener("change", () => send("tick", { student: one.id, out: box.checked }));
  label.append(box);
  const tick = element("td");
  tick.append(label);
  made.append(name, element("td", "place"), element("td", "how"), element("td", "seen soft"), tick);
  return made;
}

function showStudent(made, one, state) {
  const [words, tone] = how(one);
  text(made.querySelector(".place"), one.out ? "" : one.place === null ? "the end" : state.steps[one.place].name);
  text(made.querySelector(".how"), words);
  made.querySelector(".how").className = `how ${tone}`;
  text(made.querySelector(".seen"), one.looked === null ? "" : wall(one.looked));
  made.querySelector("input").checked = one.out;
}

function how(one) {
  if (one.out) return ["cannot log in", "stuck"];
  if (one.finished) return ["has done it all", "done"];
  if (one.stuck !== null) return [`stuck for ${minutes(one.stuck)}`, "stuck"];
  if (one.waiting) return [one.waiting, "soon"];
  if (one.unseen) return [`not seen: ${one.unseen}`, "soon"];
  if (one.looked === null) return ["not looked at yet", "soft"];
  return [`${one.done.length} done`, ""];
}

async function send(what, said) {
  const problem = byId("problem");
  try {
    const answer = await fetch(`/do/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Board-Token": TOKEN },
      body: JSON.stringify(said),
    });
    if (!answer.ok) throw new Error(await answer.text());
    problem.hidden = true;
    take(await answer.json());
  } catch (error) {
    problem.hidden = false;
    text(problem, error.message);
    if (latest) show(latest);
  }
}

byId("buttons").addEventListener("click", ({ target }) => {
  const what = target.dataset.do;
  if (!what || (what === "start" && latest.phase === "over" && !confirm("Start a new lesson? The clock begins at 0; the time log keeps both."))) return;
  send(what, { step: latest.step });
});
byId("find").addEventListener("input", () => latest && showStudents(latest));
