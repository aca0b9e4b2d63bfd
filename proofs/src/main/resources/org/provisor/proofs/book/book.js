// SPDX-License-Identifier: Apache-2.0
// Search: every word has to occur; what has it in its name comes first.
(function () {
  const box = document.getElementById('search');
  const list = document.getElementById('found');
  const up = box.dataset.up;

  function score(page, words) {
    const name = page[0].toLowerCase();
    const text = page[2].toLowerCase();
    let sum = 0;
    for (const word of words) {
      if (name === word) sum += 100;
      else if (name.startsWith(word)) sum += 20;
      else if (name.includes(word)) sum += 10;
      else if (text.includes(word)) sum += 1;
      else return 0;
    }
    return sum;
  }

  function show() {
    list.textContent = '';
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return;
    PAGES.map(page => [score(page, words), page])
      .filter(each => each[0] > 0)
      .sort((a, b) => b[0] - a[0])
      .slice(0, 20)
      .forEach(each => {
        const item = document.createElement('li');
        const link = document.createElement('a');
        const name = document.createElement('b');
        const text = document.createElement('small');
        link.href = up + each[1][1];
        name.textContent = each[1][0];
        text.textContent = each[1][2];
        link.append(name, text);
        item.append(link);
        list.append(item);
      });
  }

  box.addEventListener('input', show);
  box.addEventListener('keydown', event => {
    const first = list.querySelector('a');
    if (event.key === 'Enter' && first) location.href = first.href;
    if (event.key === 'Escape') { box.value = ''; show(); }
    if (event.key === 'ArrowDown' && first) { first.focus(); event.preventDefault(); }
  });
  document.addEventListener('keydown', event => {
    if (event.key === '/' && document.activeElement !== box) { box.focus(); event.preventDefault(); }
  });
})();
