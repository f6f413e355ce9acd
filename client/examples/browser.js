// The duty feed of whoever the token is of: /client/examples/browser.html#token=…
import { openFeed } from '/client/feed.js';

const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
// Kept for each bearer, so that nothing is missed while the page is closed, and nothing of another's is skipped.
const key = `wuji cursor ${token.split('.')[1] ?? ''}`;
const states = {
  connecting: '正在连接 Connecting',
  'catching up': '正在追补 Catching up',
  live: '实时 Live',
  ended: '已结束 Ended',
};
const [state, list, empty] = ['state', 'feed', 'empty'].map((id) => document.getElementById(id));

const show = (name, text) => {
  state.dataset.state = name;
  state.textContent = text;
};

openFeed({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  token,
  after: localStorage.getItem(key) ?? undefined,
  query: `subscription ($after: String) {
    dutyFeed(after: $after) {
      cursor
      caughtUp
      event { id at politeness label { zh en } actor { policy person { name } } }
    }
  }`,
  onMessage({ cursor, event }) {
    if (event) {
      empty.hidden = true;
      const item = document.createElement('li');
      item.dataset.id = event.id;
      item.className = event.politeness;
      const time = document.createElement('time');
      time.dateTime = event.at;
      time.textContent = new Date(event.at).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai' });
      const by = document.createElement('small');
      by.textContent = ` · ${event.actor.person?.name ?? '系统'}`;
      item.append(time, `${event.label.zh} ${event.label.en}`, by);
      list.prepend(item);
    }
    localStorage.setItem(key, cursor);
  },
  onState: (name) => show(name, states[name]),
  onError: ({ code, zh, en }) => show('ended', `${code} ${zh} ${en}`),
});
