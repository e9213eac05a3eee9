// Draws streets, turf and doors with MapLibre GL. Only ui/src/map.rs calls it.
//
// Loaded the first time a map is shown. Colours come from the page's tokens; text from the page's fonts (no glyph server);
// marks are the same shapes as in lists, painted to images.

const LIBRARY = ["/maplibre-shared.js", "/maplibre.js"];
const WORKER = "/maplibre-worker.js";
const FONT = "Atkinson Hyperlegible Next Variable";
const EMPTY = { type: "FeatureCollection", features: [] };
const SOURCES = ["sheet", "outlines", "names", "route", "drawing", "corners", "stops", "me"];
// A phone that is short of memory kills the GPU process; a moment later there is a new one.
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 16000];
const MARKS = ["todo", "part", "not_home", "flyer", "moved", "shut", "lang", "come_back", "talked", "refused", "danger"];
// The row of tools that covers the map's lower edge.
const TOOLS_PX = 72;

// From this zoom on each stop has its mark.
const STOPS_ZOOM = 15;
// From this zoom on the office's map has the stops of turf; below, turf is filled by how it stands: [colour, opacity].
const TURF_STOPS_ZOOM = 16;
const STANDINGS = { done: ["talked", 0.38], out: ["link", 0.3], begun: ["away", 0.3] };

// Where a door's number goes: off the line that leads from door to door.
const ABOVE = ["bottom", [0, -1], "top", [0, 1]];
const BESIDE = ["left", [1.1, 0], "right", [-1.1, 0]];

let library;

function loadScript(src) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    script.async = false;
    script.onload = resolve;
    script.onerror = () => reject(new Error("the map library could not be loaded"));
    document.head.append(script);
  });
}

function loadLibrary() {
  library ??= Promise.all(LIBRARY.map(loadScript)).then(
    () => {
      globalThis.maplibregl.setWorkerUrl(WORKER);
      return globalThis.maplibregl;
    },
    (error) => {
      library = undefined;
      throw error;
    },
  );
  return library;
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// Paints one mark, 24 units wide, in the middle of a square image; as "next" on the amber disc of the next door, as "tap" in the
// ring of one that was tapped.
function paintMark(state, kind) {
  const ratio = 3;
  const isFramed = kind !== "mark";
  const size = isFramed ? 46 : 28;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * ratio;
  const g = canvas.getContext("2d");
  g.scale(ratio, ratio);
  const disc = (radius, colour) => {
    g.fillStyle = colour;
    g.beginPath();
    g.arc(size / 2, size / 2, radius, 0, 7);
    g.fill();
  };
  if (kind === "next") {
    disc(22, token("ink"));
    // Nothing is amber where nobody should knock.
    disc(19.5, token(state === "danger" ? "surface" : "amber"));
  }
  if (kind === "tap") {
    disc(22, token("link"));
    disc(17.5, token("surface"));
  }
  const scale = 1;
  g.translate(size / 2 - 12 * scale, size / 2 - 12 * scale);
  g.scale(scale, scale);
  const draw = (path, fill, stroke, width = 2) => {
    const shape = new Path2D(path);
    if (fill) { g.fillStyle = fill; g.fill(shape); }
    if (stroke) { g.strokeStyle = stroke; g.lineWidth = width; g.lineJoin = "round"; g.stroke(shape); }
  };
  const circle = (r) => `M${12 - r} 12a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  const surface = token("surface");
  if (state === "danger") {
    draw("M12 2.5l10.5 18.5H1.5z", token("danger"), token("danger-ink"), 1.4);
    draw("M12 9v6m0 2v2", null, token("danger-ink"));
  } else {
    if (!["flyer", "shut", "lang"].includes(state)) draw(circle(12), surface);
    if (state === "part") {
      draw(circle(9), surface, token("todo"), 2.4);
      draw("M7.8 12.4l2.9 2.9L16.2 9.6", null, token("talked"), 2.8);
    }
    if (state === "flyer") {
      draw("M4.5 2.5h9.2l5.8 5.8v13.2h-15z", surface, token("away"), 2.2);
      draw("M13.5 2.5v6h6M8 13h8M8 17h8", null, token("away"));
    }
    if (state === "moved") {
      draw("M14.5 3.4a9 9 0 1 0 0 17.2", surface, token("away"), 2.2);
      draw("M9 12h12.5M17.5 7.8l4.3 4.2-4.3 4.2", null, token("away"), 2.2);
    }
    if (state === "shut") {
      draw("M7.5 10.5V7.6a4.5 4.5 0 0 1 9 0v2.9", null, token("away"), 2.2);
      draw("M4 10.5h16v11H4z", token("away"), surface, 1);
      draw("M12 14.5v3", null, surface, 2.2);
    }
    if (state === "lang") {
      draw("M2.5 3.5h19v13.5h-9.2L7 21.5V17H2.5z", surface, token("away"), 2.2);
      draw("M8.3 13.6 12 6.4l3.7 7.2M9.7 11.2h4.6", null, token("away"));
    }
    if (state === "todo") draw(circle(9), surface, token("todo"), 2.4);
    if (state === "not_home") {
      draw(circle(9), surface, token("away"));
      draw("M12 3a9 9 0 0 1 0 18z", token("away"));
    }
    if (state === "talked") {
      draw(circle(10), token("talked"));
      draw("M7 12.5l3.5 3.5L17 9", null, surface, 2.6);
    }
    if (state === "refused") {
      draw(circle(10), token("refused"));
      draw("M6.5 12h11", null, surface, 3);
    }
    if (state === "come_back") {
      draw(circle(9), surface, token("back"));
      draw("M12 7v5l3.5 2", null, token("back"), 2.2);
    }
  }
  return { image: g.getImageData(0, 0, canvas.width, canvas.height), ratio };
}

// Paints the wedge that shows which way this device goes: upwards from the middle.
function paintWay() {
  const [ratio, size] = [3, 64];
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * ratio;
  const g = canvas.getContext("2d");
  g.scale(ratio, ratio);
  g.beginPath();
  g.moveTo(size / 2, size / 2);
  g.arc(size / 2, size / 2, size / 2 - 2, -Math.PI * 0.68, -Math.PI * 0.32);
  g.closePath();
  g.globalAlpha = 0.55;
  g.fillStyle = token("link");
  g.fill();
  return { image: g.getImageData(0, 0, canvas.width, canvas.height), ratio };
}

// Paints stripes that repeat without a seam: what is not known.
function paintHatch() {
  const [ratio, size] = [3, 12];
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * ratio;
  const g = canvas.getContext("2d");
  g.scale(ratio, ratio);
  g.globalAlpha = 0.45;
  g.strokeStyle = token("ink");
  g.lineWidth = 1.4;
  for (const at of [-size, 0, size]) {
    g.beginPath();
    g.moveTo(at - 2, size + 2);
    g.lineTo(at + size + 2, -2);
    g.stroke();
  }
  return { image: g.getImageData(0, 0, canvas.width, canvas.height), ratio };
}

// Paints a plate that stretches to the text on it: the number of the next door, or a danger with its reason.
function paintPlate(ground, edge) {
  const ratio = 3;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24 * ratio;
  const g = canvas.getContext("2d");
  g.scale(ratio, ratio);
  g.beginPath();
  g.roundRect(1, 1, 22, 22, 6);
  g.fillStyle = ground;
  g.fill();
  g.lineWidth = 2;
  g.strokeStyle = edge;
  g.stroke();
  const at = [8 * ratio, 16 * ratio];
  return {
    image: g.getImageData(0, 0, canvas.width, canvas.height),
    options: { pixelRatio: ratio, stretchX: [at], stretchY: [at], content: [5 * ratio, 3 * ratio, 19 * ratio, 21 * ratio] },
  };
}

// Width by zoom, in pixels: [class, at zoom 12, at zoom 15, at zoom 18].
const WIDTHS = [["major", 2.5, 7, 22], ["through", 1.6, 5.5, 18], ["local", 0.8, 4, 15], ["path", 0.5, 1.4, 4]];

function width(extra) {
  const at = (i) => ["match", ["get", "c"], ...WIDTHS.flatMap((w) => [w[0], w[i] + extra]), 1 + extra];
  return ["interpolate", ["exponential", 1.5], ["zoom"], 12, at(1), 15, at(2), 18, at(3)];
}

// The largest factor by which text on a map grows: larger letters leave no room for streets.
const MOST_GROWN = 2;

// Scales a text size by the person's text size: a number of pixels, or an interpolation by zoom with pixels at every second position.
function scaled(size) {
  const times = Math.min(MOST_GROWN, parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1);
  const isOutput = (at) => at > 3 && at % 2 === 0;
  return Array.isArray(size) ? size.map((part, at) => (isOutput(at) ? part * times : part)) : size * times;
}

// The names of turf: far out in the middle of each, nearer above its edge, where they cover no mark of its own. Those that collide are left out.
function turfName(where, layout) {
  const isNear = where === "near";
  const isPicked = ["==", ["get", "on"], 1];
  return { id: `turf-name-${where}`, type: "symbol", source: "names", filter: ["all", ["!=", ["get", "n"], ""], ["==", ["get", "at"], where]],
    ...(isNear ? { minzoom: TURF_STOPS_ZOOM } : { maxzoom: TURF_STOPS_ZOOM }),
    layout: { ...layout, "text-field": ["case", ["==", ["get", "st"], "unknown"], ["concat", ["get", "n"], " · ?"], ["get", "n"]], "text-max-width": 14,
      "text-anchor": isNear ? "bottom" : "center", "text-offset": isNear ? [0, -0.4] : [0, 0],
      "icon-image": ["case", isPicked, "plate-picked", "plate-turf"], "icon-text-fit": "both", "icon-padding": 3, "symbol-sort-key": ["-", 0, ["get", "on"]] },
    paint: { "text-color": ["case", isPicked, token("surface"), token("ink")] } };
}

function style(data) {
  const ink = token("ink");
  const halo = token("map-ground");
  const street = ["==", ["get", "k"], "street"];
  const area = (kind) => ["==", ["get", "k"], kind];
  const notPath = ["all", street, ["!=", ["get", "c"], "path"]];
  const isPath = ["all", street, ["==", ["get", "c"], "path"]];
  const round = { "line-cap": "round", "line-join": "round" };
  const text = (size) => ({ "text-font": [FONT], "text-size": scaled(size) });
  const sources = {};
  for (const name of SOURCES) {
    sources[name] = { type: "geojson", data: data[name] ?? EMPTY };
  }
  return {
    version: 8,
    sources,
    layers: [
      { id: "ground", type: "background", paint: { "background-color": token("map-ground") } },
      { id: "park", type: "fill", source: "sheet", filter: area("park"), paint: { "fill-color": token("map-park") } },
      { id: "water", type: "fill", source: "sheet", filter: area("water"), paint: { "fill-color": token("map-water") } },
      { id: "building", type: "fill", source: "sheet", filter: area("building"), minzoom: 14, paint: { "fill-color": token("map-building") } },
      { id: "path", type: "line", source: "sheet", filter: isPath, layout: round, paint: { "line-color": token("map-casing"), "line-width": width(0), "line-dasharray": [2, 1.6] } },
      { id: "casing", type: "line", source: "sheet", filter: notPath, layout: round, paint: { "line-color": token("map-casing"), "line-width": width(1.6) } },
      { id: "street", type: "line", source: "sheet", filter: notPath, layout: round, paint: { "line-color": ["match", ["get", "c"], "major", token("map-major"), token("map-street")], "line-width": width(0) } },
      { id: "turf-standing", type: "fill", source: "outlines", maxzoom: TURF_STOPS_ZOOM, filter: ["in", ["get", "st"], ["literal", Object.keys(STANDINGS)]],
        paint: { "fill-color": ["match", ["get", "st"], ...Object.entries(STANDINGS).flatMap(([name, [colour]]) => [name, token(colour)]), ink],
          "fill-opacity": ["match", ["get", "st"], ...Object.entries(STANDINGS).flatMap(([name, [, opacity]]) => [name, opacity]), 0] } },
      { id: "turf-unknown", type: "fill", source: "outlines", maxzoom: TURF_STOPS_ZOOM, filter: ["==", ["get", "st"], "unknown"], paint: { "fill-pattern": "hatch" } },
      { id: "turf-fill", type: "fill", source: "outlines", filter: ["==", ["get", "on"], 1], paint: { "fill-color": token("amber"), "fill-opacity": 0.2 } },
      { id: "turf-hit", type: "fill", source: "outlines", paint: { "fill-opacity": 0 } },
      { id: "turf-line", type: "line", source: "outlines", layout: { "line-join": "round" }, paint: { "line-color": ink, "line-width": ["case", ["==", ["get", "on"], 1], 3, 1.2] } },
      { id: "route", type: "line", source: "route", layout: round, paint: { "line-color": token("link"), "line-width": 3.6, "line-dasharray": [0.1, 2], "line-opacity": 0.85 } },
      { id: "street-name", type: "symbol", source: "sheet", minzoom: 14, filter: ["all", street, ["!=", ["get", "n"], ""]],
        layout: { ...text(["interpolate", ["linear"], ["zoom"], 14, 10.5, 17, 13.5]), "symbol-placement": "line", "text-field": ["get", "n"], "symbol-spacing": 260, "text-padding": 4, "text-max-angle": 35 },
        paint: { "text-color": ink, "text-halo-color": token("map-street"), "text-halo-width": 1.8 } },
      { id: "stop-far", type: "circle", source: "stops", maxzoom: STOPS_ZOOM,
        paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 1, 15, 3.2],
          "circle-color": ["match", ["get", "s"], "todo", token("surface"), "not_home", token("away"), "talked", token("talked"), "refused", token("refused"), "come_back", token("back"), token("danger")],
          "circle-stroke-color": ["match", ["get", "s"], "todo", ink, token("surface")], "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 11, 0.2, 15, 1] } },
      { id: "stop", type: "symbol", source: "stops", minzoom: STOPS_ZOOM, filter: ["==", ["get", "x"], 0],
        layout: { ...text(["interpolate", ["linear"], ["zoom"], 15, 11, 18, 14]),
          "icon-image": ["concat", "mark-", ["get", "m"]],
          "icon-size": ["interpolate", ["linear"], ["zoom"], 15, 0.55, 17, 0.85, 19, 1], "icon-allow-overlap": true, "icon-padding": 1,
          "symbol-sort-key": ["get", "o"],
          "text-field": ["step", ["zoom"], "", 16.2, ["case", [">", ["get", "d"], 1], ["concat", ["get", "n"], " ×", ["get", "d"]], ["get", "n"]]],
          "text-variable-anchor-offset": ["match", ["get", "r"], 1, ["literal", [...ABOVE, ...BESIDE]], ["literal", [...BESIDE, ...ABOVE]]], "text-optional": true, "text-padding": 1 },
        paint: { "text-color": token("map-text"), "text-halo-color": halo, "text-halo-width": 2 } },
      { id: "danger", type: "symbol", source: "stops", minzoom: 16, filter: ["!=", ["get", "w"], ""],
        layout: { ...text(14), "icon-image": "plate-danger", "icon-text-fit": "both", "icon-allow-overlap": true, "text-allow-overlap": true,
          "text-field": ["concat", ["get", "n"], "\n", ["get", "w"]], "text-max-width": 8,
          "text-variable-anchor-offset": ["bottom", [0, -1.6], "left", [1.9, 0], "right", [-1.9, 0], "top", [0, 1.6]] },
        paint: { "text-color": token("danger-ink") } },
      { id: "stop-dock", type: "symbol", source: "stops", minzoom: 14, filter: [">", ["get", "x"], 0],
        layout: { "icon-image": ["concat", ["case", ["==", ["get", "x"], 1], "next-", "tap-"], ["get", "m"]], "icon-allow-overlap": true, "icon-ignore-placement": false, "symbol-sort-key": ["get", "x"] } },
      { id: "number-dock", type: "symbol", source: "stops", minzoom: 14, filter: ["all", [">", ["get", "x"], 0], ["==", ["get", "w"], ""]],
        layout: { ...text(17), "icon-image": ["case", ["==", ["get", "x"], 1], "plate-next", "plate-tap"], "icon-text-fit": "both", "icon-allow-overlap": true, "text-allow-overlap": true,
          "text-field": ["get", "n"], "text-anchor": "right", "text-offset": [-1.8, 0] },
        paint: { "text-color": ink } },
      ...["far", "near"].map((where) => turfName(where, text(14))),
      { id: "drawing", type: "line", source: "drawing", layout: round, paint: { "line-color": token("link"), "line-width": 3 } },
      { id: "corners", type: "circle", source: "corners", paint: { "circle-radius": 6, "circle-color": token("surface"), "circle-stroke-color": token("link"), "circle-stroke-width": 3 } },
      { id: "me-way", type: "symbol", source: "me", filter: ["has", "h"], layout: { "icon-image": "way", "icon-rotate": ["get", "h"], "icon-rotation-alignment": "map", "icon-allow-overlap": true, "icon-ignore-placement": true } },
      { id: "me-halo", type: "circle", source: "me", paint: { "circle-radius": 20, "circle-color": token("link"), "circle-opacity": 0.18 } },
      { id: "me", type: "circle", source: "me", paint: { "circle-radius": 7, "circle-color": token("link"), "circle-stroke-color": token("surface"), "circle-stroke-width": 3 } },
    ],
  };
}

class PorchMap {
  constructor(gl, container, label, told) {
    this.data = {};
    this.told = told;
    this.isReady = false;
    this.isGone = false;
    this.map = new gl.Map({
      container,
      style: style(this.data),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      maxZoom: 20,
      canvasContextAttributes: { antialias: true },
      locale: { "Map.Title": label },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.on("style.load", () => this.dress());
    this.map.on("click", (event) => this.tapped(event));
    this.map.on("dragstart", () => told("drag", ""));
    for (const moved of ["load", "moveend"]) this.map.on(moved, () => this.sighted());
    this.map.on("error", (event) => console.warn("map:", event.error?.message));
    this.map.once("idle", () => told("idle", ""));
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.rest();
    this.restyle = () => {
      this.map.setStyle(style(this.data), { diff: false });
      this.rest();
    };
    this.dark.addEventListener("change", this.restyle);
    this.themed = new MutationObserver(this.restyle);
    this.themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    globalThis.__porchMap = this.map;
  }

  // Marks the container with the colour scheme once everything is drawn.
  rest() {
    const { dataset } = this.map.getContainer();
    const scheme = this.dark.matches ? "dark" : "light";
    delete dataset.idle;
    this.map.once("idle", () => (dataset.idle = scheme));
  }

  // Adds marks and data to a style that was just loaded.
  dress() {
    this.isReady = true;
    for (const mark of MARKS) {
      for (const kind of ["mark", "next", "tap"]) {
        const { image, ratio } = paintMark(mark, kind);
        const id = `${kind}-${mark}`;
        if (!this.map.hasImage(id)) this.map.addImage(id, image, { pixelRatio: ratio });
      }
    }
    const hatch = paintHatch();
    if (!this.map.hasImage("hatch")) this.map.addImage("hatch", hatch.image, { pixelRatio: hatch.ratio });
    const way = paintWay();
    if (!this.map.hasImage("way")) this.map.addImage("way", way.image, { pixelRatio: way.ratio });
    const plates = { "plate-next": ["pick", "amber-edge"], "plate-tap": ["surface", "link"], "plate-danger": ["danger", "danger-ink"], "plate-turf": ["surface", "ink"], "plate-picked": ["ink", "ink"] };
    for (const [id, [ground, edge]] of Object.entries(plates)) {
      const { image, options } = paintPlate(token(ground), token(edge));
      if (!this.map.hasImage(id)) this.map.addImage(id, image, options);
    }
    for (const name of SOURCES) {
      if (this.data[name]) this.map.getSource(name).setData(this.data[name]);
    }
  }

  // Tells which part is in sight.
  sighted() {
    const box = this.map.getBounds();
    const within = { west: box.getWest(), south: box.getSouth(), east: box.getEast(), north: box.getNorth() };
    this.told("sight", JSON.stringify({ zoom: this.map.getZoom(), within }));
  }

  // Replaces what one source draws; `text` is GeoJSON.
  setSource(name, text) {
    this.data[name] = text ? JSON.parse(text) : EMPTY;
    if (this.isReady) this.map.getSource(name)?.setData(this.data[name]);
  }

  // Shows the whole box.
  fit(west, south, east, north, maxZoom) {
    const box = this.map.getContainer();
    const padding = Math.max(8, Math.min(48, box.clientWidth / 10, box.clientHeight / 10));
    const padded = { top: padding, left: padding, right: padding, bottom: Math.max(padding, this.tools()) };
    this.map.fitBounds([[west, south], [east, north]], { padding: padded, maxZoom, bearing: 0, animate: false });
  }

  // Moves the map to one place.
  center(lon, lat, zoom, bearing, isCalm) {
    const camera = { center: [lon, lat], zoom: Math.max(zoom, this.map.getZoom()), bearing, padding: { bottom: this.tools() } };
    if (isCalm || matchMedia("(prefers-reduced-motion: reduce)").matches) this.map.jumpTo(camera);
    else this.map.easeTo({ ...camera, duration: 120 });
  }

  // The height that the row of tools takes at the lower edge, where it leaves enough of the map.
  tools() {
    return this.map.getContainer().clientHeight > 3 * TOOLS_PX ? TOOLS_PX : 0;
  }

  zoomBy(steps) {
    this.map.zoomTo(this.map.getZoom() + steps, { duration: 120 });
  }

  // What is under a tap, nearest first: a stop within a thumb's width, else a turf.
  tapped(event) {
    const { x, y } = event.point;
    const reach = 20;
    const layers = ["stop", "stop-far", "stop-dock"];
    let best = null;
    for (const hit of this.map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers })) {
      const at = this.map.project(hit.geometry.coordinates);
      const far = Math.hypot(at.x - x, at.y - y);
      if (!best || far < best.far) best = { far, id: hit.properties.id };
    }
    const turf = this.map.queryRenderedFeatures(event.point, { layers: ["turf-hit"] })[0]?.properties.id ?? null;
    this.told("tap", JSON.stringify({ at: [event.lngLat.lng, event.lngLat.lat], stop: best?.id ?? null, turf }));
  }

  close() {
    this.dark.removeEventListener("change", this.restyle);
    this.themed.disconnect();
    this.map.remove();
    if (globalThis.__porchMap === this.map) delete globalThis.__porchMap;
  }
}

// Opens a map in `container`; the callback `told(kind, json)` receives "tap", "drag", "sight", "idle" and, each time that it cannot be drawn, "failed".
export async function open(container, label, told) {
  const [gl] = await Promise.all([loadLibrary(), document.fonts.load(`16px "${FONT}"`)]);
  for (const pauseMs of PAUSES_MS) {
    try {
      return new PorchMap(gl, container, label, told);
    } catch (error) {
      console.warn("map:", error.message);
      container.replaceChildren();
      told("failed", "");
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (!container.isConnected) throw new Error("the page is gone");
  }
  return new PorchMap(gl, container, label, told);
}

globalThis.porchMap = { open };
