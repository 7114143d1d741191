"use strict";

const ORDER = ["failed", "pending", "blocked", "unverified", "waived", "passed"];
const body = document.querySelector("#class tbody");
const heads = [...document.querySelectorAll("#class thead th")];
const rows = [...body.rows];
const field = (id) => document.getElementById(id);

const VALUE = {
  text: (cell) => cell.textContent.trim(),
  number: (cell) => (cell.dataset.sort ? Number(cell.dataset.sort) : null),
  outcome: (cell) => {
    const place = ORDER.findIndex((one) => cell.classList.contains(one));
    return place < 0 ? null : place;
  },
};
const words = new Intl.Collator("en", { numeric: true });

function compared(a, b) {
  return typeof a === "string" ? words.compare(a, b) : a - b;
}

// What is not known stands last, whichever way is sorted; equals stay as they stand.
function sort(head) {
  const way = head.getAttribute("aria-sort");
  const first = head.dataset.first;
  const other = first === "ascending" ? "descending" : "ascending";
  const next = way === first ? other : first;
  const sign = next === "ascending" ? 1 : -1;
  const value = VALUE[head.dataset.kind];
  const keyed = [...body.rows].map((row) => [value(row.cells[head.cellIndex]), row]);
  keyed.sort(([a], [b]) => (a === null || b === null ? (a === null) - (b === null) : sign * compared(a, b)));
  heads.forEach((one) => one.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", next);
  body.append(...keyed.map(([, row]) => row));
}

// Without accents and case, so that everybody is found from every keyboard.
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

const names = new Map(rows.map((row) => [row, plain(row.cells[0].textContent)]));

function has(row, outcome, criterion) {
  const cells = [...row.cells].filter((_, at) => heads[at].dataset.kind === "outcome");
  const asked = criterion === "" ? cells : [cells[Number(criterion)]];
  return asked.some((cell) => (outcome ? cell.classList.contains(outcome) : VALUE.outcome(cell) !== null));
}

function filter() {
  const name = plain(field("find").value.trim());
  const [outcome, criterion] = [field("outcome").value, field("criterion").value];
  let shown = 0;
  for (const row of rows) {
    row.hidden = !(
      names.get(row).includes(name) &&
      ((!outcome && !criterion) || has(row, outcome, criterion)) &&
      (!field("spending").checked || "spending" in row.dataset) &&
      (!field("unmarked").checked || "unmarked" in row.dataset)
    );
    shown += row.hidden ? 0 : 1;
  }
  field("shown").textContent = `${shown} of ${rows.length} students shown`;
}

// Texts are much alike, so that each sentence is written once: here it gets the words of its row, and goes to its cell.
function tell() {
  const [sentences, told] = JSON.parse(field("said").textContent);
  told.forEach(([own, places], at) => {
    let next = 0;
    for (const cell of [...rows[at].cells].slice(3, -1)) {
      const text = sentences[places[next++]].replace(/\0/g, () => own[places[next++]]);
      if (text) cell.title = text;
    }
  });
}

for (const head of heads) {
  const button = head.querySelector("button");
  button.disabled = false;
  button.addEventListener("click", () => sort(head));
}
field("filters").hidden = false;
field("filters").addEventListener("input", filter);
field("filters").addEventListener("submit", (event) => event.preventDefault());
field("filters").addEventListener("reset", () => setTimeout(filter));
filter();
setTimeout(tell);
