'use strict';
(() => {
  const $ = id => document.getElementById(id);
  const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const FIGURES = ['mean', 'std', 'near zero', 'norm', 'smallest', 'largest', 'dead units', 'not finite'];
  const [MEAN, STD, NEAR, NORM, , , DEAD, NONFINITE, BINS] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const PART = 2;
  const MAGMA = [[0, 0, 4], [81, 18, 124], [183, 55, 121], [252, 137, 97], [252, 253, 191]];
  const FEW = 0.35;    // of a histogram's colours: below it a bin holds next to nothing
  const LEFT = 46, RIGHT = 8, FOOT = 16;
  const FOLLOW_MS = 2000;
  let data = null;
  let depth = [];      // indices of points that have a place along the network
  let chosen = -1;     // of all points
  let step = -1;       // of all recorded updates
  let newest = true;   // whether the step shown is the newest, also of a run that goes on

  const now = () => data.steps[step];
  const many = () => data.steps.length > 1;
  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
  const escape = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
  const figure = (of, index, which) => of && of[index] ? of[index][which] : null;

  function number(value) {
    if (value === null || value === undefined) return '–';
    const size = Math.abs(value);
    if (size === 0) return '0';
    return size >= 1e5 || size < 1e-3 ? value.toExponential(2) : String(+value.toPrecision(4));
  }
  const percent = value => value === null || value === undefined ? '–' : (100 * value).toFixed(1) + ' %';
  const show = (which, value) => which === NEAR || which === DEAD ? percent(value) : number(value);

  /** Shares of 0 to 1 by bin, from the text that holds one letter a bin. */
  function bins(text) {
    const all = new Float32Array(2 * data.bins.powers + 1);
    if (text) {
      const colon = text.indexOf(':');
      const first = +text.slice(0, colon);
      for (let i = colon + 1; i < text.length; i++) all[first + i - colon - 1] = ALPHABET.indexOf(text[i]) / (ALPHABET.length - 1);
    }
    return all;
  }
  function magma(share) {
    const at = clamp(share, 0, 1) * (MAGMA.length - 1), i = Math.min(MAGMA.length - 2, Math.floor(at));
    return MAGMA[i].map((low, c) => Math.round(low + (MAGMA[i + 1][c] - low) * (at - i)));
  }

  // ---- charts ----

  function frame(name, title, series) {
    const box = document.querySelector(`figure[data-chart=${name}]`);
    let caption = box.querySelector('figcaption');
    if (!caption) {
      box.innerHTML = '<figcaption></figcaption><div></div>';
      caption = box.firstChild;
    }
    caption.innerHTML = `<b>${escape(title)}</b>` + series.map(s => `<i style="--c:${s.color}">${escape(s.name)}</i>`).join('') + '<output></output>';
    return { box, body: box.lastChild, read: caption.querySelector('output') };
  }

  function ticks(low, high, log) {
    if (log) {
      const every = Math.max(1, Math.ceil((high - low) / 5)), all = [];
      for (let p = Math.ceil(low); p <= high; p += every) all.push([p, '1e' + p]);
      return all;
    }
    const rough = (high - low) / 4, power = 10 ** Math.floor(Math.log10(rough));
    const width = [1, 2, 5, 10].map(f => f * power).find(w => w >= rough * 0.999), all = [];
    for (let v = Math.ceil(low / width) * width; v <= high + width / 1e6; v += width) all.push([v, String(+v.toPrecision(3))]);
    return all;
  }

  /** Lines over places 0, 1, 2 ...; places without a value are left out. */
  function lines(name, title, series, options) {
    const { body, read } = frame(name, title, options.legend === false ? [] : series);
    const width = Math.max(160, body.clientWidth), height = options.height || 150, count = options.count;
    const value = v => v === null || v === undefined || !isFinite(v) || (options.log && !(v > 0)) ? null : options.log ? Math.log10(v) : v;
    const known = series.map(s => s.values.map(value));
    const flat = known.flat().filter(v => v !== null).concat(options.rule === undefined ? [] : [options.rule]);
    if (!flat.length) { body.innerHTML = '<p class="faint">none</p>'; return; }
    let low = options.low !== undefined ? options.low : Math.min(...flat), high = options.high !== undefined ? options.high : Math.max(...flat);
    if (options.log) { low = Math.floor(low); high = Math.max(low + 1, Math.ceil(high)); }
    if (high - low < 1e-12) { high += Math.abs(high) / 2 || 1; low -= Math.abs(low) / 2; }
    const x = i => LEFT + (count < 2 ? 0.5 : (i + 0.5) / count) * (width - LEFT - RIGHT);
    const y = v => 4 + (1 - (v - low) / (high - low)) * (height - FOOT - 8);
    let svg = `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`;
    for (const [v, text] of ticks(low, high, options.log)) {
      svg += `<line class="grid" x1="${LEFT}" x2="${width - RIGHT}" y1="${y(v)}" y2="${y(v)}"/><text x="${LEFT - 6}" y="${y(v) + 4}" text-anchor="end">${text}</text>`;
    }
    for (const [i, text] of options.labels) svg += `<text x="${clamp(x(i), LEFT, width - 6 * text.length)}" y="${height - 2}">${escape(text)}</text>`;
    if (options.rule !== undefined) svg += `<line class="rule" x1="${LEFT}" x2="${width - RIGHT}" y1="${y(options.rule)}" y2="${y(options.rule)}"/>`;
    if (options.chosen >= 0) svg += `<line class="chosen" x1="${x(options.chosen)}" x2="${x(options.chosen)}" y1="2" y2="${height - FOOT}"/>`;
    series.forEach((s, which) => {
      let path = '', dots = '';
      known[which].forEach((v, i) => {
        if (v === null) return;
        path += (path ? 'L' : 'M') + x(i).toFixed(1) + ' ' + y(clamp(v, low, high)).toFixed(1);
        if (s.dots) dots += `<circle cx="${x(i).toFixed(1)}" cy="${y(clamp(v, low, high)).toFixed(1)}" r="${s.dots}" fill="${s.color}"/>`;
      });
      if (!s.bare) svg += `<path d="${path}" fill="none" stroke="${s.color}" stroke-width="${s.thin ? 1 : 1.7}" stroke-opacity="${s.thin ? .6 : 1}"/>`;
      svg += dots;
    });
    body.innerHTML = svg + '</svg>';
    pointed(body, (share, click) => {
      const i = clamp(Math.floor((share * width - LEFT) / (width - LEFT - RIGHT) * count), 0, count - 1);
      read.textContent = options.read ? options.read(i) : '';
      if (click && options.pick) options.pick(i);
    }, () => { read.textContent = ''; });
  }

  /** A strip: a column a place, in each a colour a cell from the bottom up. */
  function strip(name, title, columns, options) {
    const { body, read } = frame(name, title, []);
    const count = columns.length, rows = options.rows;
    body.innerHTML = '<div class="strip-box"><canvas></canvas></div>';
    const box = body.firstChild, canvas = box.firstChild;
    canvas.width = Math.max(1, count); canvas.height = rows;
    const context = canvas.getContext('2d'), image = context.createImageData(canvas.width, rows);
    columns.forEach((column, i) => {
      for (let row = 0; row < rows; row++) {
        const share = column ? column[row] : null;
        const rgb = share === null || share === undefined ? [128, 128, 128] : magma(share);
        image.data.set([rgb[0], rgb[1], rgb[2], share === null || share === undefined ? 40 : 255], 4 * ((rows - 1 - row) * canvas.width + i));
      }
    });
    context.putImageData(image, 0, 0);
    for (const [share, text] of options.marks || []) box.insertAdjacentHTML('beforeend', `<s style="top:${100 * (1 - share)}%">${escape(text)}</s>`);
    if (options.chosen >= 0) box.insertAdjacentHTML('beforeend', `<u style="left:${100 * (options.chosen + 0.5) / count}%"></u>`);
    if (options.chosenRow >= 0) box.insertAdjacentHTML('beforeend', `<u style="left:0;right:0;width:auto;height:1.5px;bottom:auto;top:${100 * (1 - (options.chosenRow + 0.5) / rows)}%"></u>`);
    if (options.tall) canvas.style.height = options.tall + 'px';
    pointed(box, (share, click, up) => {
      const i = clamp(Math.floor(share * count), 0, count - 1), row = clamp(Math.floor((1 - up) * rows), 0, rows - 1);
      read.textContent = options.read ? options.read(i, row) : '';
      if (click && options.pick) options.pick(i, row);
    }, () => { read.textContent = ''; });
  }

  function pointed(element, at, gone) {
    const tell = (event, click) => {
      const box = element.getBoundingClientRect();
      at((event.clientX - box.left) / box.width, click, (event.clientY - box.top) / box.height);
    };
    element.onpointermove = event => tell(event, false);
    element.onclick = event => tell(event, true);
    element.onpointerleave = gone;
  }

  // ---- what is shown ----

  /**
   * The powers of two that hold more than a few values somewhere, as many on both sides of zero. What
   * is smaller is shown as zero.
   */
  function reach(all) {
    const middle = data.bins.powers;
    let far = 1, near = middle;
    for (const one of all) if (one) one.forEach((share, bin) => {
      const away = Math.abs(bin - middle);
      if (share > 0) far = Math.max(far, away);
      if (share > FEW && away > 0) near = Math.min(near, away);
    });
    return { far, near: Math.min(near, far), side: far - Math.min(near, far) + 1 };
  }
  function cut(one, { far, near, side }) {
    if (!one) return null;
    const shown = new Float32Array(2 * side + 1), middle = data.bins.powers;
    for (let away = 0; away <= far; away++) {
      const place = Math.max(0, away - near + 1);
      for (const sign of [-1, 1]) shown[side + sign * place] = Math.max(shown[side + sign * place], one[middle + sign * away]);
    }
    return shown;
  }
  const power = away => 2 ** (data.bins.lowest + away);
  function edge(row, { near, side }) {
    const away = Math.abs(row - side), sign = row < side ? '-' : '';
    return away === 0 ? `smaller than ${number(power(near - 1))}` : `${sign}${number(power(away + near - 2))} to ${sign}${number(power(away + near - 1))}`;
  }
  const powerMarks = span => [[0.96, number(power(span.far))], [0.5, '0'], [0.04, '-' + number(power(span.far))]];

  const stageLabels = () => {
    const labels = [];
    let last = '';
    depth.forEach((index, i) => {
      const top = data.points[index][0].split('.')[0];
      if (top !== last && (!labels.length || i - labels[labels.length - 1][0] > depth.length / 14)) labels.push([i, top]);
      last = top;
    });
    return labels;
  };
  const timeLabels = () => {
    const count = data.steps.length;
    return [0, Math.floor((count - 1) / 2), count - 1].filter((i, n, all) => all.indexOf(i) === n).map(i => [i, String(data.steps[i].n)]);
  };

  /** The values of a part of the blocks, at the places of their sums. */
  function parts(of, kind, which) {
    const values = new Array(depth.length).fill(null);
    data.points.forEach((point, index) => {
      if (point[PART] && point[1] === kind) {
        const place = depth.indexOf(point[3]);
        if (place >= 0) values[place] = figure(of, index, which);
      }
    });
    return values;
  }

  function alongTheNetwork() {
    const { a, g } = now();
    const of = (tensor, which) => depth.map(index => figure(tensor, index, which));
    const chosenPlace = depth.indexOf(data.points[chosen][PART] ? data.points[chosen][3] : chosen);
    const name = i => data.points[depth[i]][0];
    const common = { count: depth.length, labels: stageLabels(), chosen: chosenPlace, pick: i => choose(depth[i]) };
    const absolute = of(a, MEAN).map(v => v === null ? null : Math.abs(v));
    lines('signal', 'Activations', [
      { name: 'std', color: 'var(--blue)', values: of(a, STD), dots: 2 }, { name: '|mean|', color: 'var(--orange)', values: absolute, dots: 2 }],
    { ...common, log: true, read: i => `${name(i)}: std ${number(figure(a, depth[i], STD))}, mean ${number(figure(a, depth[i], MEAN))}` });
    const colours = (chart, title, tensor) => {
      const all = depth.map(index => figure(tensor, index, BINS)).map(text => text ? bins(text) : null);
      const span = reach(all);
      strip(chart, title, all.map(one => cut(one, span)), { rows: 2 * span.side + 1, marks: powerMarks(span), chosen: chosenPlace,
        pick: common.pick, read: (i, row) => `${name(i)}: ${edge(row, span)}` });
    };
    colours('activation-bins', 'Histograms of activations', a);
    lines('shares', 'Shares of activations', [
      { name: 'near zero', color: 'var(--green)', values: of(a, NEAR), dots: 2 }, { name: 'dead units', color: 'var(--red)', values: of(a, DEAD), dots: 2 }],
    { ...common, low: 0, high: 1, height: 110, read: i => `${name(i)}: near zero ${percent(figure(a, depth[i], NEAR))}, dead ${percent(figure(a, depth[i], DEAD))}` });
    lines('gradient', 'Norm of the gradient', [
      { name: 'at the point', color: 'var(--blue)', values: of(g, NORM), dots: 2 },
      { name: 'through the branch', color: 'var(--orange)', values: parts(g, 'Branch', NORM), dots: 3, bare: true },
      { name: 'through the shortcut', color: 'var(--violet)', values: parts(g, 'Shortcut', NORM), dots: 3, bare: true }],
    { ...common, log: true, read: i => `${name(i)}: ${number(figure(g, depth[i], NORM))}` });
    colours('gradient-bins', 'Histograms of gradients', g);
  }

  const weights = () => data.parameters.map((name, i) => i).filter(i => data.steps.some(s => s.p[i] && s.p[i][2] !== null));
  const hue = share => `hsl(${Math.round(250 - 235 * share)} 70% 52%)`;

  function overTime() {
    $('time').hidden = $('point-time').hidden = $('step-rail').hidden = !many();
    if (!many()) return;
    const common = { count: data.steps.length, labels: timeLabels(), chosen: step, pick: i => go(i) };
    lines('loss', 'Loss', [{ name: 'of the batch', color: 'var(--blue)', values: data.steps.map(s => s.loss) }],
      { ...common, height: 110, legend: false, read: i => `update ${data.steps[i].n}: ${number(data.steps[i].loss)}` });
    const shown = weights();
    document.querySelector('figure[data-chart=ratios]').hidden = !shown.length;
    if (shown.length) {
      const series = shown.map((p, i) => ({ name: data.parameters[p], color: hue(i / Math.max(1, shown.length - 1)), thin: true,
        values: data.steps.map(s => s.p[p] ? s.p[p][2] : null) }));
      lines('ratios', 'log10 of update to parameter, one line a parameter, the stem violet, the head orange; about -3 is usual', series,
        { ...common, height: 230, legend: false, rule: -3, read: i => {
          const all = series.map(s => s.values[i]).filter(v => v !== null).sort((p, q) => p - q);
          return all.length ? `update ${data.steps[i].n}: ${number(all[0])} to ${number(all[all.length - 1])}, median ${number(all[all.length >> 1])}` : '';
        } });
    }
    const heat = (chart, title, tensor, which, log) => {
      const all = data.steps.map(s => depth.map(index => figure(s[tensor], index, which))
        .map(v => v === null || (log && !(v > 0)) ? null : log ? Math.log10(v) : v));
      const flat = all.flat().filter(v => v !== null);
      const low = log ? Math.min(...flat) : 0, high = log ? Math.max(...flat) : Math.max(1e-9, ...flat);
      const text = v => log ? '1e' + v.toFixed(1) : percent(v);
      strip(chart, `${title}, ${text(low)} dark to ${text(high)} bright`, all.map(c => c.map(v => v === null ? null : (v - low) / (high - low || 1))), {
        rows: depth.length, tall: 150, marks: [[0.97, 'output'], [0.03, 'input']], chosen: step, chosenRow: depth.indexOf(chosen),
        pick: (i, row) => { choose(depth[row]); go(i); },
        read: (i, row) => `${data.points[depth[row]][0]}, update ${data.steps[i].n}: ${log ? number(figure(data.steps[i][tensor], depth[row], which)) : percent(all[i][row])}` });
    };
    heat('gradient-time', 'Norm of the gradient', 'g', NORM, true);
    heat('dead-time', 'Dead units', 'a', DEAD, false);
    const over = (tensor, which) => data.steps.map(s => figure(s[tensor], chosen, which));
    lines('point-stats', 'Activations', [{ name: 'mean', color: 'var(--orange)', values: over('a', MEAN) }, { name: 'std', color: 'var(--blue)', values: over('a', STD) }],
      { ...common, height: 110, read: i => `mean ${number(over('a', MEAN)[i])}, std ${number(over('a', STD)[i])}` });
    lines('point-shares', 'Shares', [{ name: 'near zero', color: 'var(--green)', values: over('a', NEAR) }, { name: 'dead units', color: 'var(--red)', values: over('a', DEAD) }],
      { ...common, height: 90, low: 0, high: 1, read: i => `near zero ${percent(over('a', NEAR)[i])}, dead ${percent(over('a', DEAD)[i])}` });
    const all = over('a', BINS).map(text => text ? bins(text) : null), span = reach(all);
    strip('point-bins', 'Histograms of activations', all.map(one => cut(one, span)), { rows: 2 * span.side + 1, marks: powerMarks(span), chosen: step,
      pick: common.pick, read: (i, row) => edge(row, span) });
  }

  function bars(name, title, text) {
    const { box, body, read } = frame(name, title, []);
    box.hidden = !text;
    if (!text) return;
    const all = bins(text), span = reach([all]), shown = cut(all, span), width = Math.max(120, body.clientWidth), height = 74, cell = width / shown.length;
    let svg = `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`;
    shown.forEach((share, i) => { svg += `<rect x="${i * cell}" width="${Math.max(.6, cell - .6)}" y="${(1 - share) * (height - FOOT)}" height="${share * (height - FOOT)}" fill="var(--blue)"/>`; });
    const end = number(power(span.far));
    body.innerHTML = svg + `<text x="0" y="${height - 3}">-${end}</text><text x="${width / 2}" y="${height - 3}" text-anchor="middle">0</text><text x="${width}" y="${height - 3}" text-anchor="end">${end}</text></svg>`;
    pointed(body, share => { read.textContent = edge(clamp(Math.floor(share * shown.length), 0, shown.length - 1), span); }, () => { read.textContent = ''; });
  }

  function thePoint() {
    const [path, kind] = data.points[chosen], a = now().a[chosen], g = now().g[chosen];
    $('point').textContent = path;
    $('kind').textContent = kind;
    $('figures').innerHTML = '<tr><th></th><th>activation</th><th>gradient</th></tr>'
      + FIGURES.map((label, which) => `<tr><td>${label}</td><td>${show(which, a ? a[which] : null)}</td><td>${show(which, g ? g[which] : null)}</td></tr>`).join('');
    bars('point-activation', 'Activations', a && a[BINS]);
    bars('point-gradient', 'Gradients', g && g[BINS]);
  }

  function findings() {
    const { dead, exploding, vanishing } = data.thresholds;
    $('thresholds').textContent = `dead from ${percent(dead)}, exploding above ${number(exploding)} times, vanishing below ${number(vanishing)} times its source`;
    $('findings').innerHTML = now().f.map(one => {
      const index = data.points.findIndex(point => point[0] === one.path);
      return `<li><button data-point="${index}"><b>${escape(one.kind)}</b>${escape(one.note)}${one.points > 1 ? `, and so at ${one.points} points` : ''}</button></li>`;
    }).join('') || '<li class="fine">None: nothing is dead, vanishes, explodes or is not finite.</li>';
    $('findings').querySelectorAll('button').forEach(button => { button.onclick = () => { if (+button.dataset.point >= 0) choose(+button.dataset.point); }; });
  }

  function tables() {
    const wanted = $('filter').value.trim().toLowerCase(), bad = new Set(now().f.map(one => one.path));
    const has = name => !wanted || name.toLowerCase().includes(wanted);
    const cells = of => of ? [number(of[MEAN]), number(of[STD]), percent(of[NEAR]), percent(of[DEAD]), number(of[NORM])] : new Array(5).fill('–');
    $('points').innerHTML = '<tr><th>point</th><th>kind</th><th>mean</th><th>std</th><th>near zero</th><th>dead</th><th>norm</th><th>gradient mean</th><th>std</th><th>near zero</th><th>norm</th></tr>'
      + data.points.map((point, i) => {
        if (!has(point[0])) return '';
        const gradient = cells(now().g[i]);
        gradient.splice(3, 1);
        return `<tr data-point="${i}" class="${point[PART] ? 'part' : ''}" aria-current="${i === chosen}"><td class="${bad.has(point[0]) ? 'bad' : ''}">${escape(point[0])}</td><td>${escape(point[1])}</td>`
          + [...cells(now().a[i]), ...gradient].map(cell => `<td>${cell}</td>`).join('') + '</tr>';
      }).join('');
    $('parameters').innerHTML = '<tr><th>parameter</th><th>norm</th><th>norm of the gradient</th><th>log10 of update to parameter</th></tr>'
      + data.parameters.map((name, i) => has(name) && now().p[i] ? `<tr><td>${escape(name)}</td>${now().p[i].map(v => `<td>${number(v)}</td>`).join('')}</tr>` : '').join('');
    $('points').onclick = event => { const row = event.target.closest('tr[data-point]'); if (row) choose(+row.dataset.point); };
  }

  function draw() {
    if (!data || !data.steps.length) return;
    $('waiting').hidden = true;
    $('page').hidden = false;
    $('near').textContent = number(data.nearZero);
    $('step').max = data.steps.length - 1;
    $('step').value = step;
    $('step-name').textContent = now().label;
    overTime();
    findings();
    alongTheNetwork();
    thePoint();
    tables();
  }

  function choose(index) { chosen = index; draw(); }
  function go(index) { step = clamp(index, 0, data.steps.length - 1); newest = step === data.steps.length - 1; draw(); }
  function along(by) {
    const place = depth.indexOf(data.points[chosen][PART] ? data.points[chosen][3] : chosen);
    choose(depth[clamp(place + by, 0, depth.length - 1)]);
  }

  /** Takes figures: those in the page, or those of a run that goes on. */
  window.camjarFlow = given => {
    data = given;
    depth = data.points.map((point, i) => i).filter(i => !data.points[i][PART]);
    const last = data.steps.length - 1;
    step = newest || step > last ? last : step;
    if (chosen < 0 && last >= 0) {
      const found = data.steps[last].f.map(one => data.points.findIndex(point => point[0] === one.path)).find(i => i >= 0);
      const sums = data.points.filter(point => point[PART]);
      chosen = found !== undefined ? found : sums.length ? sums[sums.length - 1][3] : depth[depth.length - 1];
    }
    $('live').hidden = !data.source;
    $('live').querySelector('output').textContent = data.live ? 'live' : 'the run is over';
    $('live').querySelector('i').style.cssText = data.live ? '' : 'animation:none;background:var(--faint)';
    draw();
  };

  $('theme').onclick = () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  };
  $('before').onclick = () => along(-1);
  $('after').onclick = () => along(1);
  $('step').oninput = event => go(+event.target.value);
  $('filter').oninput = () => data && tables();
  addEventListener('keydown', event => {
    if (!data || /INPUT/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') along(event.key === 'ArrowRight' ? 1 : -1);
  });
  let width = innerWidth;
  addEventListener('resize', () => { if (innerWidth !== width) { width = innerWidth; draw(); } });

  /** Reads a script again and again: a page from a file may load scripts next to it, and nothing else. */
  function follow(source) {
    const script = document.createElement('script');
    const again = () => { script.remove(); if (!data || data.live) setTimeout(() => follow(source), FOLLOW_MS); };
    script.src = source + '?' + Date.now();
    script.onload = script.onerror = again;
    document.head.append(script);
  }
  const inside = JSON.parse($('data').textContent);
  if (inside.follow) follow(inside.follow); else window.camjarFlow(inside);
})();
