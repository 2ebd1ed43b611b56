'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = id => document.getElementById(id);
  const TOPS = [1, 2, 3, 5];
  const state = { file: null, methods: [data.methods[0]], outputs: {}, token: '', running: null };

  function say(text, wrong) {
    $('message').textContent = text;
    $('message').hidden = text === '';
    $('message').classList.toggle('wrong', wrong === true);
  }

  const headers = more => state.token === '' ? more : { ...more, Authorization: 'Bearer ' + state.token };

  /** What went wrong, from the answer of a request. */
  async function sentence(answer) {
    try {
      return (await answer.json()).error;
    } catch (e) {
      return 'the service answered ' + answer.status;
    }
  }

  async function get(path, options) {
    const answer = await fetch(path, options);
    $('token-form').hidden = answer.status !== 401;
    if (!answer.ok) throw new Error(await sentence(answer));
    return answer;
  }

  /** How many classes a model has: no more of them can be asked for. */
  async function outputs(model) {
    if (state.outputs[model] === undefined) {
      const known = await (await get('/v2/models/' + encodeURIComponent(model), { headers: headers({}) })).json();
      state.outputs[model] = known.outputs[0].shape[1];
    }
    return state.outputs[model];
  }

  async function explain() {
    if (state.file === null) return;
    if (state.running) state.running.abort();
    const own = state.running = new AbortController();
    const { file } = state, model = $('model').value;
    document.body.classList.add('busy');
    say('Explaining ' + (file.name || 'the image') + ' …');
    try {
      const classes = await outputs(model);
      const query = new URLSearchParams({ layer: 'all', method: state.methods.join(','), name: file.name || 'image' });
      if (classes > 0) query.set('class', 'top' + Math.min(Number($('top').value), classes));
      const answer = await get('/v1/models/' + encodeURIComponent(model) + ':explain?' + query, {
        method: 'POST', body: file, signal: own.signal,
        headers: headers({ 'Content-Type': /^image\//.test(file.type) ? file.type : 'application/octet-stream', Accept: 'text/html' }),
      });
      const report = await answer.text();
      if (own !== state.running) return;
      $('report').srcdoc = report;
      $('report').hidden = $('again').hidden = false;
      $('drop').hidden = true;
      say('');
    } catch (e) {
      if (own !== state.running) return;
      say(e instanceof TypeError ? 'The service cannot be reached.' : e.message, true);
    }
    document.body.classList.remove('busy');
  }

  function take(files) {
    if (files.length > 0) {
      state.file = files[0];
      explain();
    }
  }

  function element(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  function pressed() {
    for (const button of $('ways').querySelectorAll('button')) {
      button.setAttribute('aria-pressed', state.methods.includes(button.dataset.value));
    }
  }

  function build() {
    data.models.forEach(name => $('model').append(element('option', { textContent: name })));
    $('model-label').hidden = data.models.length < 2;
    TOPS.forEach(k => $('top').append(element('option', { value: k, textContent: 'top ' + k })));
    $('top').value = 3;
    data.methods.forEach(name => {
      const button = element('button', { type: 'button', textContent: name });
      button.dataset.value = name;
      button.onclick = () => {
        const others = state.methods.filter(one => one !== name);
        if (others.length === state.methods.length) state.methods.push(name);
        else if (others.length > 0) state.methods = others;
        pressed();
        explain();
      };
      $('ways').append(button);
    });
    pressed();
  }

  function listen() {
    $('model').onchange = $('top').onchange = explain;
    $('controls').onsubmit = event => event.preventDefault();
    for (const id of ['file', 'file-again']) {
      $(id).onchange = event => { take(event.target.files); event.target.value = ''; };
    }
    for (const id of ['drop', 'again']) {
      $(id).onkeydown = event => {
        if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); $(id).click(); }
      };
    }
    $('token-form').onsubmit = event => {
      event.preventDefault();
      state.token = $('token').value.trim();
      $('token-form').hidden = true;
      explain();
    };
    document.ondragover = event => { event.preventDefault(); document.body.classList.add('over'); };
    document.ondragleave = event => { if (event.relatedTarget === null) document.body.classList.remove('over'); };
    document.ondrop = event => {
      event.preventDefault();
      document.body.classList.remove('over');
      take(event.dataTransfer.files);
    };
    document.onpaste = event => take(event.clipboardData.files);
  }

  build();
  listen();
})();
