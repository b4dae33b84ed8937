"use strict";

// Sort the ranked table by the column whose heading is clicked; cells without a figure stay last.
const sizes = { k: 1e3, m: 1e6, bn: 1e9, tn: 1e12 };

function figure(text) {
  const found = text.replace("\u2212", "-").replace(/[,%]/g, "").match(/^([+-]?[\d.]+) ?(k|m|bn|tn)?$/);
  return found ? Number(found[1]) * (sizes[found[2]] || 1) : text;
}

function sortBy(head) {
  const column = head.cellIndex;
  const body = head.closest("table").tBodies[0];
  const number = head.classList.contains("n");
  const down = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : number;
  const rows = [...body.rows].map((row) => [row, row.cells[column].textContent.trim()]);
  const known = rows.filter(([, text]) => text !== "\u2013");
  known.sort(([, a], [, b]) => (number ? figure(a) - figure(b) : a.localeCompare(b)) * (down ? -1 : 1));
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  body.append(...known.map(([row]) => row), ...rows.filter(([, text]) => text === "\u2013").map(([row]) => row));
}

for (const button of document.querySelectorAll(".ranked button")) {
  button.addEventListener("click", () => sortBy(button.parentNode));
}

// Show what a mark of a picture stands for while it is pointed at.
const tip = document.getElementById("tip");

document.addEventListener("pointermove", (event) => {
  const mark = event.target.closest("figure svg [role='graphics-symbol']:not([aria-roledescription='axis'])");
  const words = mark ? mark.getAttribute("aria-label") : "";
  tip.hidden = !words;
  if (!words) return;
  tip.textContent = words;
  const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(left, 8)}px`;
  tip.style.top = `${event.clientY + 18}px`;
});

// On paper nothing can be opened, so everything is.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
