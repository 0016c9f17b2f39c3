// Controls: one per key of an experiment, made of what the page's markup says of it.
let controlCount = 0;

/** A new element with attributes and children. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** A label around the markup of a control, and beside it the field that `make` gives. */
function labelled(host, make) {
  const id = `control-${++controlCount}`;
  const label = element("label", { for: id });
  label.append(...host.childNodes);
  const { field, value, set } = make(id);
  host.append(label, element("div", { class: "row" }, ...field));
  return { key: host.dataset.key, start: value(), value, set };
}

/** A control of a key: a slider over listed values, a choice, a list, or a number. `changed` is called after each change. */
function control(host, changed) {
  const { values, choices, list, start } = host.dataset;
  if (values !== undefined) {
    const all = values.split(" ");
    return labelled(host, (id) => {
      const shown = element("output", { for: id }, start);
      const input = element("input", { type: "range", id, min: 0, max: all.length - 1, step: 1, value: all.indexOf(start), "aria-valuetext": start });
      const set = (value) => {
        const place = all.indexOf(value);
        if (place < 0) return false;
        input.value = place;
        shown.textContent = value;
        input.setAttribute("aria-valuetext", value);
        return true;
      };
      input.addEventListener("input", () => (set(all[input.value]), changed()));
      return { field: [input, shown], value: () => all[input.value], set };
    });
  }
  if (choices !== undefined) {
    const all = choices.split(" ");
    return labelled(host, (id) => {
      const options = all.map((value) => element("option", { value, selected: value === start }, value.replaceAll('"', "")));
      const input = element("select", { id, onchange: changed }, ...options);
      const set = (value) => all.includes(value) && ((input.value = value), true);
      return { field: [input], value: () => input.value, set };
    });
  }
  return labelled(host, (id) => {
    const number = list === undefined;
    const input = element("input", { id, type: number ? "number" : "text", value: list ?? start, min: 0, step: 1, onchange: changed });
    const set = (value) => ((input.value = value), input.value === value);
    return { field: [input], value: () => input.value.trim() || (list ?? start), set };
  });
}

