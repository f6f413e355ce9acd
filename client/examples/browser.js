// The duty feed of whoever the token is of: /client/examples/browser.html#token=…
import { openFeed } from '/client/feed.js';

const longest = 200;
const states = {
  connecting: ['正在连接', 'Connecting'],
  'catching up': ['正在追补', 'Catching up'],
  live: ['实时', 'Live'],
  ended: ['已结束', 'Ended'],
};
const [state, problem, list, empty] = ['state', 'problem', 'feed', 'empty'].map((id) => document.getElementById(id));

const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
const key = `wuji cursor ${bearerOf(token)}`;
// Another token in the address is another bearer's page.
addEventListener('hashchange', () => location.reload());

if (token) follow(localStorage.getItem(key) ?? undefined);
else {
  show('ended');
  explain('NO_TOKEN', '请在地址末尾加上 #token=令牌。', 'Add #token=… to the address.');
}

function follow(after) {
  openFeed({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    token,
    after,
    query: `subscription ($after: String) {
      dutyFeed(after: $after) {
        cursor
        caughtUp
        event {
          id at politeness label { zh en }
          actor { policy person { name } mandate { region { name } } post { organ { name } } }
        }
      }
    }`,
    onMessage({ cursor, event }) {
      if (event) add(event);
      localStorage.setItem(key, cursor);
    },
    onState: show,
    onError({ code, zh, en, next }) {
      explain(code, [zh, next?.zh].filter(Boolean).join(' '), [en, next?.en].filter(Boolean).join(' '));
      // The log is another one: the kept cursor is of no more use, and what it missed cannot be told.
      if (after !== undefined && (code === 'CURSOR_EXPIRED' || code === 'BAD_CURSOR')) {
        localStorage.removeItem(key);
        queueMicrotask(() => follow(undefined));
      }
    },
  });
}

/** The person in this capacity: the same for each token, so that a renewed one goes on where the last one was. */
function bearerOf(jwt) {
  try {
    const { sub, mandate, post } = JSON.parse(atob(jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
    return `${sub} ${mandate ?? post}`;
  } catch {
    return 'nobody'; // no token of ours: the server says so
  }
}

function show(name) {
  state.dataset.state = name;
  state.replaceChildren(...both(states[name]));
  if (name === 'live' && problem.dataset.code !== 'CURSOR_EXPIRED' && problem.dataset.code !== 'BAD_CURSOR')
    problem.hidden = true;
}

function explain(code, zh, en) {
  problem.hidden = false;
  problem.dataset.code = code;
  problem.replaceChildren(...both([zh, en]), element('code', code));
}

function add({ id, at, politeness, label, actor }) {
  empty.hidden = true;
  const item = element('li');
  item.dataset.id = id;
  item.className = politeness;
  const time = element('time', new Date(at).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai' }));
  time.dateTime = at;
  const about = element('p');
  about.className = 'about';
  about.append(time, element('span', whoIs(actor)));
  const what = element('p');
  what.append(...both([label.zh, label.en]));
  item.append(what, about);
  list.prepend(item);
  while (list.children.length > longest) list.lastElementChild.remove();
}

function whoIs({ policy, person, mandate, post }) {
  if (policy !== null) return `系统 system · ${policy}`;
  const name = person?.name ?? '—';
  if (post?.organ) return `${name}（${post.organ.name}）`;
  return mandate?.region?.name ? `${name}（${mandate.region.name}人大代表）` : name;
}

function both([zh, en]) {
  const english = element('span', en);
  english.lang = 'en';
  return [element('b', zh), ' ', english];
}

function element(name, text = '') {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
