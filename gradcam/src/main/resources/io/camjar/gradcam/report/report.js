'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = id => document.getElementById(id);
  const unique = list => [...new Set(list)];
  const layers = unique(data.maps.map(m => m.layer));
  const methods = unique(data.maps.map(m => m.method));
  const classes = unique(data.maps.map(m => m.index));
  const key = (layer, index, method) => layer + '\n' + index + '\n' + method;
  const maps = new Map(data.maps.map(m => [key(m.layer, m.index, m.method), m]));
  const colors = Object.keys(data.colormaps);
  const tables = Object.fromEntries(colors.map(name => [name, table(data.colormaps[name])]));
  const { left, top, width, height } = data.region;
  const state = {
    layer: layers.length - 1, index: classes[0], method: methods[0], color: data.colormap,
    opacity: Math.round(data.alpha * 100), point: null, hidden: false, timer: null,
  };

  function table(hex) {
    return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.substr(2 * i, 2), 16));
  }

  /** Values come as base64 of 16-bit little-endian numbers, 65535 for 1. */
  function values(map) {
    if (!map.decoded) {
      const bytes = atob(map.values);
      map.decoded = Float32Array.from({ length: bytes.length / 2 },
        (_, i) => (bytes.charCodeAt(2 * i) | bytes.charCodeAt(2 * i + 1) << 8) / 65535);
    }
    return map.decoded;
  }

  const current = (layer = state.layer) => maps.get(key(layers[layer], state.index, state.method));
  const shows = map => map !== undefined && map.status === 'ok';
  const clamp = (x, low, high) => Math.max(low, Math.min(high, x));

  /** Bilinear with half-pixel centres, edges repeated; x and y are shares of the map's sides. */
  function sample(map, x, y) {
    const v = values(map), w = map.width, h = map.height;
    const u = clamp(x * w - 0.5, 0, w - 1), t = clamp(y * h - 0.5, 0, h - 1);
    const x0 = Math.floor(u), y0 = Math.floor(t);
    const x1 = Math.min(x0 + 1, w - 1), y1 = Math.min(y0 + 1, h - 1);
    const across = u - x0, down = t - y0;
    return (v[y0 * w + x0] * (1 - across) + v[y0 * w + x1] * across) * (1 - down)
      + (v[y1 * w + x0] * (1 - across) + v[y1 * w + x1] * across) * down;
  }

  function paint(canvas, map, long) {
    const scale = long / Math.max(width, height);
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    if (!shows(map)) return;
    const context = canvas.getContext('2d');
    const image = context.createImageData(canvas.width, canvas.height);
    const colorsOf = tables[state.color];
    for (let y = 0, at = 0; y < canvas.height; y++) {
      for (let x = 0; x < canvas.width; x++, at += 4) {
        const value = sample(map, (x + 0.5) / canvas.width, (y + 0.5) / canvas.height);
        const entry = 3 * Math.floor(255 * value);
        image.data[at] = colorsOf[entry];
        image.data[at + 1] = colorsOf[entry + 1];
        image.data[at + 2] = colorsOf[entry + 2];
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  }

  const reason = status => ({
    'no-positive-evidence': 'no positive evidence', 'non-finite': 'values not finite',
  })[status] || status.replaceAll('-', ' ');

  function drawStage() {
    const map = current();
    paint($('heat'), map, 512);
    $('heat').style.opacity = state.hidden ? 0 : state.opacity / 100;
    $('veil').hidden = state.hidden;
    $('status').hidden = shows(map) || state.hidden;
    $('status').textContent = map ? reason(map.status) : 'no map';
    $('layer').value = state.layer;
    $('layer').setAttribute('aria-valuetext', layers[state.layer]);
    $('layer-name').textContent = layers[state.layer];
    [...$('strip').querySelectorAll('button')].forEach((button, i) =>
      button.setAttribute('aria-current', i === state.layer));
    facts(map);
    read();
  }

  function drawStrip() {
    const picture = $('picture');
    const long = 192, scale = long / Math.max(data.width, data.height);
    const heat = document.createElement('canvas');
    [...$('strip').querySelectorAll('canvas')].forEach((canvas, i) => {
      canvas.width = Math.max(1, Math.round(data.width * scale));
      canvas.height = Math.max(1, Math.round(data.height * scale));
      const context = canvas.getContext('2d');
      const map = current(i);
      context.filter = shows(map) ? 'none' : 'grayscale(1) opacity(.45)';
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      if (!shows(map)) return;
      paint(heat, map, 128);
      context.globalAlpha = state.opacity / 100;
      context.imageSmoothingQuality = 'high';
      context.drawImage(heat, left * canvas.width, top * canvas.height,
        width * canvas.width, height * canvas.height);
    });
  }

  function number(x) {
    if (x === null) return '–';
    const size = Math.abs(x);
    const text = size >= 1e6 || (size !== 0 && size < 1e-3) ? x.toExponential(2)
      : size >= 1000 ? x.toFixed(0) : x.toPrecision(3);
    return text.replace('-', '−').replace('e+', 'e');
  }

  function facts(map) {
    const rows = map ? [
      ['Layer', map.layer], ['Method', map.method],
      ['Size', map.height + ' × ' + map.width], ['Smallest raw value', number(map.min)],
      ['Largest raw value', number(map.max)], ['Status', reason(map.status)],
      ...(data.cautions[map.method] ? [['Note', data.cautions[map.method]]] : []),
    ] : [['Status', 'no map']];
    $('facts').replaceChildren(...rows.flatMap(([name, text]) => [
      element('dt', { textContent: name }), element('dd', { textContent: text })]));
  }

  /** Shows the value under the pointer, here and in every layer. */
  function read() {
    const point = state.point;
    const x = point ? (point.x - left) / width : -1, y = point ? (point.y - top) / height : -1;
    const inside = x >= 0 && x < 1 && y >= 0 && y < 1;
    const at = layer => shows(current(layer)) ? sample(current(layer), x, y) : 0;
    const map = current();
    const text = inside && shows(map) ? at(state.layer).toFixed(2) : '';
    $('value').textContent = text;
    $('where').textContent = !point ? 'point at the picture'
      : inside ? 'x ' + Math.floor(point.x * data.width) + ', y ' + Math.floor(point.y * data.height)
        : 'outside what the network saw';
    $('tip').hidden = text === '';
    if (point) {
      $('tip').textContent = text;
      $('tip').style.left = clamp(point.x * 100, 6, 94) + '%';
      $('tip').style.top = Math.max(point.y * 100, 12) + '%';
    }
    [...$('profile').children].forEach((bar, i) => {
      bar.style.height = (inside ? 100 * at(i) : 0) + '%';
      bar.className = i === state.layer ? 'on' : '';
    });
  }

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function press(group, chosen) {
    [...$(group).querySelectorAll('button')].forEach(button =>
      button.setAttribute('aria-pressed', button.dataset.value === String(chosen)));
  }

  function choose(changes) {
    Object.assign(state, changes);
    press('classes', state.index);
    press('methods', state.method);
    press('colors', state.color);
    $('opacity').value = state.opacity;
    $('opacity-value').textContent = state.opacity + ' %';
    $('legend').querySelector('i').style.background = gradient(state.color);
    drawStrip();
    drawStage();
  }

  function gradient(name) {
    const stops = Array.from({ length: 17 }, (_, i) => '#' + data.colormaps[name].substr(6 * Math.min(255, 16 * i), 6));
    return 'linear-gradient(90deg,' + stops.join(',') + ')';
  }

  function go(layer) {
    state.layer = clamp(layer, 0, layers.length - 1);
    drawStage();
    const item = $('strip').children[state.layer], strip = $('strip');
    if (strip.scrollWidth > strip.clientWidth) {
      strip.scrollTo({ left: item.offsetLeft - strip.offsetLeft - (strip.clientWidth - item.clientWidth) / 2 });
    }
  }

  function play(on) {
    clearInterval(state.timer);
    state.timer = on ? setInterval(() => go((state.layer + 1) % layers.length), 550) : null;
    $('play').setAttribute('aria-pressed', on);
  }

  const next = (list, value, by) => list[(list.indexOf(value) + by + list.length) % list.length];

  function build() {
    const style = document.documentElement.style;
    style.setProperty('--ratio', data.width / data.height);
    const box = { left, top, width, height };
    for (const side in box) $('heat').style[side] = box[side] * 100 + '%';
    const [l, t, r, b] = [left, top, left + width, top + height].map(share => share * 100 + '%');
    $('veil').style.clipPath = `polygon(evenodd, 0 0, 100% 0, 100% 100%, 0 100%, 0 0, ${l} ${t}, ${r} ${t}, ${r} ${b}, ${l} ${b}, ${l} ${t})`;
    $('layer').max = layers.length - 1;
    layers.forEach((name, i) => {
      const button = element('button', { type: 'button', title: name, onclick: () => go(i) },
        element('canvas', {}), element('span', { textContent: name }));
      $('strip').append(element('li', {}, button));
      $('profile').append(element('i', { title: name }));
    });
    data.classes.forEach(c => {
      const explained = classes.includes(c.index);
      const bar = element('i', {});
      const known = c.probability !== null;
      bar.style.width = known ? `calc((100% - 20px) * ${c.probability})` : '0';
      const row = element(explained ? 'button' : 'div', {}, element('b', { textContent: c.label }),
        element('span', { className: 'num', textContent: known ? c.probability.toFixed(3) : '' }), bar);
      if (explained) {
        row.type = 'button';
        row.dataset.value = c.index;
        row.onclick = () => choose({ index: c.index });
      }
      $('classes').append(row);
    });
    methods.forEach(name => {
      const button = element('button', { type: 'button', textContent: name, onclick: () => choose({ method: name }) });
      button.dataset.value = name;
      $('methods').append(button);
    });
    $('method-card').hidden = methods.length < 2;
    colors.forEach(name => {
      const swatch = element('i', {});
      swatch.style.background = gradient(name);
      const button = element('button', { type: 'button', onclick: () => choose({ color: name }) }, swatch, name);
      button.dataset.value = name;
      $('colors').append(button);
    });
  }

  function listen() {
    $('layer').oninput = () => { play(false); go(Number($('layer').value)); };
    $('opacity').oninput = () => choose({ opacity: Number($('opacity').value) });
    $('play').onclick = () => play(state.timer === null);
    $('theme').onclick = () => {
      const root = document.documentElement;
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = dark ? 'light' : 'dark';
    };
    const point = event => {
      const box = $('stage').getBoundingClientRect();
      state.point = { x: clamp((event.clientX - box.left) / box.width, 0, 0.999999),
        y: clamp((event.clientY - box.top) / box.height, 0, 0.999999) };
      read();
    };
    $('stage').onpointermove = point;
    $('stage').onpointerdown = point;
    $('stage').onpointerleave = event => {
      // A finger that lifts leaves its reading behind; a mouse that leaves takes it away.
      if (event.pointerType === 'mouse') { state.point = null; read(); }
    };
    const keys = {
      ArrowRight: () => go(state.layer + 1), ArrowLeft: () => go(state.layer - 1),
      Home: () => go(0), End: () => go(layers.length - 1),
      ArrowDown: () => choose({ index: next(classes, state.index, 1) }),
      ArrowUp: () => choose({ index: next(classes, state.index, -1) }),
      m: () => choose({ method: next(methods, state.method, 1) }),
      c: () => choose({ color: next(colors, state.color, 1) }),
      '+': () => choose({ opacity: clamp(state.opacity + 5, 0, 100) }),
      '-': () => choose({ opacity: clamp(state.opacity - 5, 0, 100) }),
      ' ': () => play(state.timer === null),
      h: () => { state.hidden = true; drawStage(); },
    };
    keys['='] = keys['+'];
    document.onkeydown = event => {
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const own = event.target.closest('input') && /Arrow|Home|End/.test(name);
      const pressing = event.target.closest('button, summary') && name === ' ';
      if (event.ctrlKey || event.metaKey || event.altKey || own || pressing || !keys[name]) return;
      event.preventDefault();
      if (/Arrow|Home|End/.test(name)) play(false);
      keys[name]();
    };
    document.onkeyup = event => {
      if (event.key.toLowerCase() === 'h') { state.hidden = false; drawStage(); }
    };
  }

  build();
  listen();
  const start = () => { choose({}); go(state.layer); };
  $('picture').decode().then(start, start);
})();
