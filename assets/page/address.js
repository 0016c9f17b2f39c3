// The address: #VIEW&PART.KEY=VALUE..., every setting that is not that of the file.
const Address = {
  read() {
    const settings = new Map();
    const [view, ...pairs] = location.hash.slice(1).split("&");
    for (const pair of pairs) {
      const at = pair.indexOf("=");
      if (at > 0) settings.set(decodeURIComponent(pair.slice(0, at)), decodeURIComponent(pair.slice(at + 1)));
    }
    return { view, settings };
  },

  /** Writes the settings of all parts; the browser's history keeps the views that were looked at, not every move of a slider. */
  write(view, settings) {
    const pairs = settings.map(([key, value]) => `&${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
    history.replaceState(null, "", `#${view}${pairs.join("")}`);
  },
};

