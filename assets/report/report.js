"use strict";
// Tables sort and filter, files of the result are saved. What is read here stands in the page already.
(() => {
  const result = JSON.parse(document.getElementById("result").textContent);

  const value = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const number = Number(text.replace(/^</, ""));
    return text === "" ? [2, 0] : Number.isNaN(number) ? [1, text] : [0, number];
  };
  const compare = (a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);

  // Sorts by a column; again, the other way round. Rows without a value stay last.
  const sorted = (table, column, heading) => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows].map((row) => [value(row, column), row]);
    rows.sort(([a], [b]) => (a[0] === 2 || b[0] === 2 || !down ? compare(a, b) : compare(b, a)));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };

  // Keeps the rows in which every word of the filter stands.
  const filtered = (table, words, count) => {
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = words.length ? ` ${shown} of ${table.tBodies[0].rows.length} rows` : "";
  };

  for (const table of document.querySelectorAll("table[data-sorts]")) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      button.addEventListener("click", () => sorted(table, column, heading));
      heading.replaceChildren(button);
    });
    if (table.tBodies[0].rows.length < 8) continue;
    const label = document.createElement("label");
    label.className = "filter";
    const input = document.createElement("input");
    input.type = "search";
    const count = document.createElement("output");
    label.append("Rows with ", input, count);
    input.addEventListener("input", () => filtered(table, input.value.toLowerCase().split(/\s+/).filter(Boolean), count));
    table.parentElement.before(label);
  }

  for (const button of document.querySelectorAll("button[data-save]")) {
    const name = button.dataset.save;
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([result.files[name]], { type: "text/plain" }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
})();
