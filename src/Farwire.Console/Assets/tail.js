// Appends the events that come. What they say is set as text, never as markup.
const body = document.querySelector('#tail tbody');
const state = document.getElementById('state');
const most = 500;
const source = new EventSource('/tail/events' + location.search);
source.onopen = () => { state.textContent = 'Connected; new events stand on top.'; };
source.onerror = () => { state.textContent = 'The connection is lost; the browser tries again.'; };
source.onmessage = message => {
  const event = JSON.parse(message.data);
  const row = document.createElement('tr');
  for (const name of ['level', 'time', 'provider', 'id', 'channel', 'computer']) {
    const cell = row.appendChild(document.createElement('td'));
    const text = cell.appendChild(document.createElement(name === 'id' ? 'a' : 'bdi'));
    text.textContent = event[name];
    if (name === 'id') { text.href = '/events?event=' + encodeURIComponent(event.sequence); }
    if (name === 'level' && /^\w+$/.test(event.level)) { text.className = event.level; }
  }
  body.prepend(row);
  while (body.rows.length > most) { body.deleteRow(-1); }
};
