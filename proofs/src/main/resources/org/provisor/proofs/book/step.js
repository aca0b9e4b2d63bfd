// SPDX-License-Identifier: Apache-2.0
// Steps are lines of a trace, as `./provisor replay` reads them. All of it is taken by the
// specification, which stepper.js is; this draws what it says.
(function () {
  const at = id => document.getElementById(id);
  const CALLS = 0x640000101000n;
  const SELF = '0x7ff0';

  const WORLD = [
    'world frames=40 devices=0 processors=1 linear',
    'domain d0 pages=4 shared=0 max=16 vcpus=1 privileged',
    'domain d1 pages=10 shared=1 max=16 vcpus=2',
    'domain d2 pages=4 shared=0 max=16 vcpus=1',
  ];
  const TREE = [
    'd1 fill d1.1[0] = d1.4:0x67', 'd1 fill d1.1[1] = d1.5:0x65', 'd1 fill d1.2[0] = d1.1:0x67',
    'd1 fill d1.3[0] = d1.2:0x67', 'd1 fill d1.0[0] = d1.3:0x67',
  ];
  const ext = (by, command, frame, whose) => [
    poke(by, 0, command), poke(by, 1, frame),
    `${by}v0 mmuext_op ${hex(CALLS)} 1 0 ${whose || SELF}`,
  ];
  const update = (by, table, slot, entry, whose) => [
    poke(by, 0, `${table}:0x${(8 * Number(slot)).toString(16)}`), poke(by, 1, entry),
    `${by}v0 mmu_update ${hex(CALLS)} 1 0 ${whose || SELF}`,
  ];
  const reservation = (by, command, frame) => [
    poke(by, 0, hex(CALLS + 0x80n)), poke(by, 1, 1), poke(by, 2, 0), poke(by, 3, SELF),
    poke(by, 16, frame), `${by}v0 memory_op ${command} ${hex(CALLS)}`,
  ];
  const STORIES = {
    'an empty machine': [],
    'four tables, each leading to the next': TREE,
    'the four tables, pinned': TREE.concat(ext('d1', 3, 'd1.0')),
    'a guest asks to write its own table': TREE.concat(ext('d1', 3, 'd1.0'),
      update('d1', 'd1.1', 2, 'd1.2:0x67')),
    'a table of another domain': TREE.concat(ext('d1', 3, 'd1.0'),
      update('d1', 'd1.1', 2, 'd2.0:0x67')),
    'given up, and still held': TREE.concat(ext('d1', 3, 'd1.0'),
      reservation('d1', 1, 'd1.4'), ext('d1', 4, 'd1.0')),
    'the end of a domain': TREE.concat(ext('d1', 3, 'd1.0'), ['d0 destroy d1']),
  };

  // Forms: what is asked for, and the lines that it becomes.
  const LEVELS = [['0', 'level 1'], ['1', 'level 2'], ['2', 'level 3'], ['3', 'level 4']];
  const FLAGS = [['0x67', 'present, writable, for the guest'], ['0x65', 'present, read-only'], ['0', 'not present'], ['0xe7', 'a large page'], ['0x8000000000000067', 'not executable']];
  const KINDS = {
    'fill a word of a frame (no call)': {
      fields: ['by', 'table', 'slot', 'frame', 'flags'],
      lines: f => [`${f.by} fill ${f.table}[${f.slot}] = ${f.frame}:${f.flags}`],
    },
    'mmu_update: change an entry': {
      fields: ['by', 'table', 'slot', 'frame', 'flags', 'whose'],
      lines: f => update(f.by, f.table, f.slot, `${f.frame}:${f.flags}`, f.whose),
    },
    'mmuext_op: pin a table': {
      fields: ['by', 'level', 'frame', 'whose'],
      lines: f => ext(f.by, f.level, f.frame, f.whose),
    },
    'mmuext_op: unpin a table': {
      fields: ['by', 'frame', 'whose'], lines: f => ext(f.by, 4, f.frame, f.whose),
    },
    'mmuext_op: run on a root': { fields: ['by', 'frame'], lines: f => ext(f.by, 5, f.frame) },
    'mmuext_op: clear a page': { fields: ['by', 'frame'], lines: f => ext(f.by, 16, f.frame) },
    'update_va_mapping: change by address': {
      fields: ['by', 'address', 'frame', 'flags'],
      lines: f => [`${f.by}v0 update_va_mapping ${f.address} ${f.frame}:${f.flags} 0`],
    },
    'memory_op: give a frame up': {
      fields: ['by', 'frame'], lines: f => reservation(f.by, 1, f.frame),
    },
    'memory_op: ask for a frame': {
      fields: ['by'], lines: f => reservation(f.by, 0, 0),
    },
    'the toolstack destroys a domain': {
      fields: ['domain'], lines: f => [`d0 destroy ${f.domain}`],
    },
    'a line of a trace': { fields: ['line'], lines: f => f.line.split('\n').filter(Boolean) },
  };
  const LABELS = {
    by: 'by', table: 'table', slot: 'slot', frame: 'frame', flags: 'flags', whose: 'whose',
    level: 'as a table of', address: 'address', domain: 'domain', line: 'line',
  };

  let world = WORLD;
  let lines = [];
  let shown = null;
  let view = null;

  function hex(big) { return '0x' + big.toString(16); }
  function poke(by, index, value) { return `${by} poke ${hex(CALLS + 8n * BigInt(index))} = ${value}`; }

  function make(tag, text, cls) {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (cls) node.className = cls;
    return node;
  }

  // A choice of one or more lines that belong together ends with what is no preparation.
  const prepares = line => / poke /.test(line);

  function take(program) {
    const before = performance.now();
    const said = JSON.parse(steps(world.concat(program).join('\n') + '\n'));
    const took = performance.now() - before;
    at('took').textContent = `${Math.max(1, Math.round(took))} ms`;
    at('took').dataset.ms = took;
    return said;
  }

  function set(program, select) {
    const said = take(program);
    at('problem').textContent = said.error || '';
    if (said.error) return false;
    lines = program;
    view = said;
    shown = null;
    history.replaceState(null, '', '#' + encodeURIComponent(
      (world === WORLD ? [] : world).concat(lines).join('\n')));
    drawProgram(said);
    draw(said, lines.length - 1);
    return true;
  }

  function drawProgram(said) {
    const list = at('program');
    list.textContent = '';
    said.steps.forEach((step, index) => {
      const item = make('li', undefined, prepares(step.line) ? 'prepares' : '');
      const button = make('button', step.line);
      button.type = 'button';
      button.addEventListener('click', () => choose(index));
      item.append(button);
      if (step.answer) {
        item.append(make('span', step.answer, step.refused ? 'refused' : 'done'));
      }
      list.append(item);
    });
    list.scrollTop = list.scrollHeight;
  }

  function choose(index) {
    shown = index;
    const said = index === lines.length - 1 ? view : take(lines.slice(0, index + 1));
    draw(said, index);
  }

  function draw(said, index) {
    [...at('program').children].forEach((item, i) => {
      item.querySelector('button').setAttribute('aria-current', String(i === index));
    });
    drawOutcome(said.steps[index], new Map(said.frames.map(frame => [frame.mfn, frame.name])));
    drawLights(said.invariants);
    drawWorld(said, said.steps[index]);
    drawFields();
  }

  function rowLink(row) {
    const [clause, name] = row.split('/');
    const link = make('a', row);
    link.href = `clause/${clause}.html` + (name ? `#row-${name}` : '');
    return link;
  }

  // A change says numbers; the page says the names that frames had at the start.
  function named(line, names) {
    return line.replace(/mfn ([0-9a-f]+)/g, (all, number) => names.get(parseInt(number, 16)) || all);
  }

  function drawOutcome(step, names) {
    const box = at('outcome');
    box.textContent = '';
    if (!step) {
      box.append(make('p', 'Nothing was done yet.'));
      return;
    }
    const head = make('p');
    head.append(make('code', step.line));
    box.append(head);
    if (step.wrong) box.append(make('p', step.wrong, 'refused'));
    if (!step.answer && !step.rows.length) {
      box.append(make('p', prepares(step.line)
        ? 'A word in the memory that the domain hands to its next call.'
        : step.changes.length ? '' : 'A word in memory; no call, and nothing that the hypervisor counts.'));
    } else {
      box.append(make('p', step.answer, step.refused ? 'answer refused' : 'answer done'));
    }
    const why = reason(step);
    if (why) {
      const p = make('p', step.refused ? 'Refused by ' : 'Decided by ', 'why');
      p.append(rowLink(why));
      const text = ROWS[why];
      if (text) p.append(make('span', ': ' + text));
      box.append(p);
    }
    list(box, 'What changed', step.changes, line => make('code', named(line, names)), step.changes.length > 6);
    list(box, 'All rows, in order', step.rows, rowLink, true);
  }

  // Of what decided, the row that gave the error: the batch only passes it on.
  function reason(step) {
    const rows = step.rows.filter(row => !/^(mm\.(mmuext|mmu-update)(\.batch|\/)|hypercall\.|mm\.unfinished\.|mm\.ref\.put\/)/.test(row));
    if (!step.refused) return rows[rows.length - 1] || step.rows[step.rows.length - 1];
    const errors = rows.filter(row => /E[A-Z]{3,}|refused/.test(ROWS[row] || ''));
    return errors[0] || rows[rows.length - 1] || step.rows[step.rows.length - 1];
  }

  function list(box, head, entries, each, folded) {
    if (!entries.length) return;
    const details = make('details');
    details.open = !folded;
    details.append(make('summary', `${head} (${entries.length})`));
    const ul = make('ul');
    entries.forEach(entry => { const li = make('li'); li.append(each(entry)); ul.append(li); });
    details.append(ul);
    box.append(details);
  }

  function drawLights(invariants) {
    const ul = at('lights');
    ul.textContent = '';
    invariants.forEach(each => {
      const li = make('li', undefined, each.wrong ? 'broken' : 'holds');
      li.append(make('b', each.id), make('span', ' ' + each.says));
      if (each.wrong) li.append(make('em', ' broken: ' + each.wrong));
      li.append(make('span', each.wrong ? '' : ' – holds', 'quiet'));
      ul.append(li);
    });
  }

  function drawWorld(said, step) {
    const box = at('world');
    box.textContent = '';
    const names = new Map(said.frames.map(frame => [frame.mfn, frame.name]));
    const changed = new Set();
    (step ? step.changes : []).forEach(line => {
      const found = /^mfn ([0-9a-f]+)/.exec(line);
      if (found) changed.add(parseInt(found[1], 16));
    });
    const owners = said.domains.map(domain => domain.id).concat(['']);
    owners.forEach(owner => {
      const frames = said.frames.filter(frame => frame.owner === owner);
      const domain = said.domains.find(each => each.id === owner);
      if (!domain && !frames.length) return;
      const group = make('section', undefined, 'domain');
      group.append(make('h3', domain
        ? `${domain.id}${domain.control ? ', control domain' : ''}: ${domain.life.toLowerCase()}, ${domain.frames} of ${domain.most} frames`
        : `free: ${frames.length}`));
      if (domain) {
        domain.vcpus.forEach((vcpu, number) => {
          if (vcpu.root || vcpu.userRoot) {
            group.append(make('p', `vCPU ${number} runs on ${vcpu.root || 'no root'}` +
              (vcpu.userRoot ? `, its user on ${vcpu.userRoot}` : ''), 'quiet'));
          }
        });
        const grid = make('div', undefined, 'frames');
        frames.forEach(frame => grid.append(drawFrame(frame, names, changed)));
        group.append(grid);
      }
      box.append(group);
    });
  }

  function drawFrame(frame, names, changed) {
    const card = make('div', undefined, `frame type-${frame.type}${changed.has(frame.mfn) ? ' changed' : ''}`);
    card.id = 'frame-' + frame.mfn;
    card.append(make('b', frame.name));
    card.append(make('span', frame.count || frame.type !== 'none'
      ? `${frame.type} ×${frame.count}${frame.pinned ? ' pinned' : ''}` : 'not in use', 'use'));
    card.append(make('small', `references ${frame.refs}${frame.allocated ? '' : ', given up'}`));
    if (frame.count && frame.state && !/^VALID/.test(frame.state)) card.append(make('small', frame.state.toLowerCase()));
    frame.words.forEach(word => {
      const target = names.get(word.to);
      const text = word.present
        ? `[${word.slot}] → ${target || word.word} ${word.writable ? 'rw' : 'ro'}`
        : `[${word.slot}] ${word.word}`;
      const entry = make('code', text, 'entry');
      entry.title = word.word;
      if (word.present && target) {
        entry.addEventListener('mouseenter', () => mark(word.to, true));
        entry.addEventListener('mouseleave', () => mark(word.to, false));
      }
      card.append(entry);
    });
    return card;
  }

  function mark(mfn, on) {
    const card = at('frame-' + mfn);
    if (card) card.classList.toggle('target', on);
  }

  function options(select, pairs, value) {
    select.textContent = '';
    pairs.forEach(pair => {
      const [id, text] = Array.isArray(pair) ? pair : [pair, pair];
      const option = make('option', text);
      option.value = id;
      select.append(option);
    });
    if (value !== undefined && pairs.some(p => (Array.isArray(p) ? p[0] : p) === value)) select.value = value;
  }

  const chosen = { by: 'd1', table: 'd1.1', slot: '0', frame: 'd1.4', flags: '0x67', whose: SELF, level: '3', address: '0x1000', domain: 'd1', line: '' };

  function drawFields() {
    const box = at('fields');
    const had = document.activeElement && document.activeElement.id;
    box.textContent = '';
    const domains = view.domains.map(domain => domain.id);
    const frames = view.frames.filter(frame => frame.owner !== '' && !/^xen/.test(frame.name))
      .map(frame => frame.name).filter(name => !/^mfn/.test(name));
    KINDS[at('kind').value].fields.forEach(field => {
      const label = make('label', LABELS[field] + ' ');
      let input;
      if (field === 'slot' || field === 'address') {
        input = make('input');
        input.value = chosen[field];
        input.size = 8;
      } else if (field === 'line') {
        input = make('textarea');
        input.value = chosen.line;
        input.rows = 2;
      } else {
        input = make('select');
        options(input, {
          by: domains, domain: domains, table: frames, frame: frames, flags: FLAGS, level: LEVELS,
          whose: [[SELF, 'its own']].concat(domains.map(id => [id.slice(1), id])),
        }[field], chosen[field]);
      }
      input.id = 'field-' + field;
      input.addEventListener('input', () => { chosen[field] = input.value; });
      label.append(input);
      box.append(label);
    });
    if (had && at(had)) at(had).focus();
  }

  function fields() {
    const values = {};
    KINDS[at('kind').value].fields.forEach(field => { values[field] = at('field-' + field).value; });
    return values;
  }

  // Whatever was prepared for a call goes with the call.
  function undone() {
    const rest = lines.slice(0, -1);
    while (rest.length && prepares(rest[rest.length - 1])) rest.pop();
    return rest;
  }

  function open(text) {
    const all = text.split(/\r?\n/).map(line => line.trim()).filter(line => line && !line.startsWith('#'));
    const head = all.filter(line => /^(world|domain|heavy)\b/.test(line));
    const before = world;
    world = head.length ? head : WORLD;
    if (!set(all.filter(line => !head.includes(line)))) world = before;
  }

  options(at('story'), Object.keys(STORIES));
  options(at('kind'), Object.keys(KINDS), 'mmu_update: change an entry');
  at('story').addEventListener('change', () => { world = WORLD; set(STORIES[at('story').value]); });
  at('kind').addEventListener('change', drawFields);
  at('act').addEventListener('submit', event => {
    event.preventDefault();
    const from = shown === null ? lines : lines.slice(0, shown + 1);
    set(from.concat(KINDS[at('kind').value].lines(fields())));
  });
  at('undo').addEventListener('click', () => { if (lines.length) set(undone()); });
  at('clear').addEventListener('click', () => set([]));
  at('share').addEventListener('click', () => {
    const said = text => { at('problem').textContent = text; };
    if (!navigator.clipboard) { said('The link is in the address bar.'); return; }
    navigator.clipboard.writeText(location.href).then(() => said('Copied.'), () => said('The link is in the address bar.'));
  });
  at('save').addEventListener('click', () => {
    const link = make('a');
    link.href = URL.createObjectURL(new Blob([world.concat([''], lines).join('\n') + '\n'], { type: 'text/plain' }));
    link.download = 'steps.trace';
    link.click();
  });
  at('open').addEventListener('change', () => {
    const file = at('open').files[0];
    if (file) file.text().then(open);
  });
  window.addEventListener('hashchange', () => open(decodeURIComponent(location.hash.slice(1))));

  if (location.hash.length > 1) open(decodeURIComponent(location.hash.slice(1)));
  if (!view) {
    at('story').value = 'the four tables, pinned';
    set(STORIES[at('story').value]);
  }
})();
