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
  const seesAll = left <= 0.002 && top <= 0.002 && left + width >= 0.998 && top + height >= 0.998;
  const blind = method => data.blind.includes(method);
  /** What can stand next to the map that is shown: the other method's, or that of another class. */
  const pairs = methods.length > 1 ? 'methods' : classes.length > 1 && !blind(methods[0]) ? 'classes' : null;
  const state = {
    layer: layers.length - 1, index: classes[0], method: methods[0], color: data.colormap,
    opacity: Math.round(data.alpha * 100), point: null, hidden: false, timer: null,
    pair: pairs !== null && (data.pair || data.expected !== null),
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

  const first = () => ({ index: state.index, method: state.method });

  /** The other method of the same class; or the expected class, or else the next one. */
  function second() {
    if (pairs === 'methods') return { index: state.index, method: next(methods, state.method, 1) };
    const known = data.expected !== null && classes.includes(data.expected) && data.expected !== state.index;
    return { index: known ? data.expected : next(classes, state.index, 1), method: state.method };
  }

  const mapOf = (which, layer) => maps.get(key(layers[layer], which.index, which.method));
  const current = (layer = state.layer) => mapOf(first(), layer);
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
    // A colour map that begins in black would bury the image where the map has nothing to show.
    const fades = Math.max(...colorsOf.subarray(0, 3)) < 64;
    for (let y = 0, at = 0; y < canvas.height; y++) {
      for (let x = 0; x < canvas.width; x++, at += 4) {
        const value = sample(map, (x + 0.5) / canvas.width, (y + 0.5) / canvas.height);
        const entry = 3 * Math.floor(255 * value);
        image.data[at] = colorsOf[entry];
        image.data[at + 1] = colorsOf[entry + 1];
        image.data[at + 2] = colorsOf[entry + 2];
        image.data[at + 3] = fades ? 255 * Math.min(1, 2 * value) : 255;
      }
    }
    context.putImageData(image, 0, 0);
  }

  const reason = status => ({
    'no-positive-evidence': 'no positive evidence', 'non-finite': 'values not finite',
  })[status] || status.replaceAll('-', ' ');

  function labelOf(index) {
    const known = data.classes.find(c => c.index === index);
    const figure = known.probability === null ? '' : ' ' + known.probability.toFixed(3);
    return known.label + figure + (index === data.expected ? ', expected' : '');
  }

  const title = which => blind(which.method) ? which.method + ', any class'
    : (methods.length > 1 ? which.method + ', ' : '') + labelOf(which.index);

  function drawOn(suffix, which) {
    const map = mapOf(which, state.layer);
    paint($('heat' + suffix), map, 512);
    $('heat' + suffix).style.opacity = state.hidden ? 0 : state.opacity / 100;
    $('veil' + suffix).hidden = state.hidden || seesAll;
    $('status' + suffix).hidden = shows(map) || state.hidden;
    $('status' + suffix).textContent = map ? reason(map.status) : 'no map';
    $('which' + suffix).textContent = title(which);
  }

  function drawStage() {
    const map = current();
    drawOn('', first());
    if (state.pair) drawOn('-second', second());
    $('layer').value = state.layer;
    $('layer').setAttribute('aria-valuetext', layers[state.layer]);
    $('layer-name').textContent = layers[state.layer];
    for (const strip of ['strip', 'strip-second']) {
      [...$(strip).querySelectorAll('button')].forEach((button, i) =>
        button.setAttribute('aria-current', i === state.layer));
    }
    facts(map);
    read();
  }

  /** Fades and hatches what the network did not see, as Unseen.java does. */
  function fadeUnseen(context, w, h) {
    if (seesAll) return;
    const period = Math.max(10, Math.max(w, h) / 48);
    context.save();
    context.beginPath();
    context.rect(0, 0, w, h);
    context.rect(left * w, top * h, width * w, height * h);
    context.clip('evenodd');
    context.fillStyle = 'rgba(255,255,255,.6)';
    context.fillRect(0, 0, w, h);
    context.strokeStyle = 'rgba(106,106,106,.45)';
    context.lineWidth = Math.max(1, period / 6);
    context.beginPath();
    for (let x = period; x < w + h; x += period) {
      context.moveTo(x, 0);
      context.lineTo(0, x);
    }
    context.stroke();
    context.restore();
  }

  /** The image with a map laid over it, as the stage shows it. */
  function compose(canvas, map, long, detail) {
    const scale = long / Math.max(data.width, data.height);
    canvas.width = Math.max(1, Math.round(data.width * scale));
    canvas.height = Math.max(1, Math.round(data.height * scale));
    const context = canvas.getContext('2d');
    context.filter = shows(map) ? 'none' : 'grayscale(1) opacity(.45)';
    context.drawImage($('picture'), 0, 0, canvas.width, canvas.height);
    context.filter = 'none';
    if (shows(map)) {
      const heat = document.createElement('canvas');
      paint(heat, map, detail);
      context.globalAlpha = state.opacity / 100;
      context.imageSmoothingQuality = 'high';
      context.drawImage(heat, left * canvas.width, top * canvas.height,
        width * canvas.width, height * canvas.height);
      context.globalAlpha = 1;
    }
    fadeUnseen(context, canvas.width, canvas.height);
  }

  function drawStrip() {
    const draw = (strip, which) => [...$(strip).querySelectorAll('canvas')].forEach((canvas, i) =>
      compose(canvas, mapOf(which, i), 192, 128));
    draw('strip', first());
    if (state.pair) draw('strip-second', second());
  }

  function download(name, blob) {
    const link = element('a', { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  const fileName = (which, end) =>
    [document.title, layers[state.layer], which.method, ...(blind(which.method) ? [] : [which.index])]
      .join('_').replace(/[^\w.-]+/g, '-') + end;

  /** What the stage shows, both sides if there are two, each under a line that says what it is. */
  function view() {
    const sides = state.pair ? [first(), second()] : [first()];
    const parts = sides.map(which => {
      const canvas = document.createElement('canvas');
      compose(canvas, mapOf(which, state.layer), clamp(Math.max(data.width, data.height), 512, 1024), 512);
      return canvas;
    });
    const head = 34, gap = 16, w = parts[0].width, all = document.createElement('canvas');
    all.width = parts.length * (w + gap) - gap;
    all.height = head + parts[0].height;
    const context = all.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, all.width, all.height);
    context.fillStyle = '#16181d';
    context.font = '600 16px system-ui, sans-serif';
    parts.forEach((part, i) => {
      context.fillText(layers[state.layer] + ', ' + title(sides[i]), i * (w + gap) + 2, 22, w - 4);
      context.drawImage(part, i * (w + gap), head);
    });
    return all;
  }

  /** The map's values as NumPy reads them: version 1.0, float32, rows first. */
  function npy(map) {
    let head = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + map.height + ', ' + map.width + '), }';
    head = head.padEnd(Math.ceil((head.length + 11) / 64) * 64 - 11) + '\n';
    const bytes = new Uint8Array(10 + head.length + 4 * map.height * map.width);
    bytes.set([0x93, 78, 85, 77, 80, 89, 1, 0, head.length & 255, head.length >> 8]);
    bytes.set([...head].map(c => c.charCodeAt(0)), 10);
    const numbers = new DataView(bytes.buffer, 10 + head.length);
    values(map).forEach((value, i) => numbers.setFloat32(4 * i, value, true));
    return bytes;
  }

  const save = () => view().toBlob(blob => download(fileName(first(), '.png'), blob));
  const saveArray = () => {
    const map = current();
    if (map) download(fileName(first(), '_norm.npy'), new Blob([npy(map)]));
  };

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
    $('where').textContent = !point ? 'point at the image'
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
    press('classes', blind(state.method) && !(state.pair && !blind(second().method)) ? null : state.index);
    $('blind').hidden = !blind(state.method);
    $('pair').setAttribute('aria-pressed', state.pair);
    $('stages').classList.toggle('pair', state.pair);
    $('second').hidden = $('strip-second').hidden = $('which-strip').hidden = !state.pair;
    if (state.pair) $('which-strip').textContent = title(second());
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
    for (const strip of [$('strip'), $('strip-second')]) {
      const item = strip.children[state.layer];
      if (strip.scrollWidth > strip.clientWidth) {
        strip.scrollTo({ left: item.offsetLeft - strip.offsetLeft - (strip.clientWidth - item.clientWidth) / 2 });
      }
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
    for (const side in box) {
      $('heat').style[side] = $('heat-second').style[side] = box[side] * 100 + '%';
    }
    const [l, t, r, b] = [left, top, left + width, top + height].map(share => share * 100 + '%');
    $('picture-second').src = $('picture').src;
    $('unseen').hidden = seesAll;
    $('veil').style.clipPath = $('veil-second').style.clipPath = `polygon(evenodd, 0 0, 100% 0, 100% 100%, 0 100%, 0 0, ${l} ${t}, ${r} ${t}, ${r} ${b}, ${l} ${b}, ${l} ${t})`;
    $('layer').max = layers.length - 1;
    layers.forEach((name, i) => {
      for (const strip of ['strip', 'strip-second']) {
        const button = element('button', { type: 'button', title: name, onclick: () => go(i) },
          element('canvas', {}), element('span', { textContent: name }));
        $(strip).append(element('li', {}, button));
      }
      $('profile').append(element('i', { title: name }));
    });
    data.classes.forEach(c => {
      const explained = classes.includes(c.index);
      const bar = element('i', {});
      const known = c.probability !== null;
      bar.style.width = known ? `calc((100% - 20px) * ${c.probability})` : '0';
      const row = element(explained ? 'button' : 'div', {}, element('b', { textContent: c.label }),
        element('span', { className: 'num', textContent: known ? c.probability.toFixed(3) : '' }), bar);
      if (c.index === data.expected) row.querySelector('span').prepend(element('em', { textContent: 'expected ' }));
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
    $('pair-card').hidden = pairs === null;
    $('pair').textContent = 'Two ' + pairs + ' side by side';
    data.assumed.forEach(one => $('assumed').append(element('tr', { title: one.note },
      element('td', { textContent: one.what }), element('td', { textContent: one.value }),
      element('td', { textContent: one.source }))));
    $('assumed-card').hidden = data.assumed.length === 0;
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
    $('pair').onclick = () => choose({ pair: !state.pair });
    $('save').onclick = save;
    $('save-array').onclick = saveArray;
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
      b: () => { if (pairs !== null) choose({ pair: !state.pair }); },
      s: save,
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
