/** Names and numbers by which somebody is found on a messenger: behind its name, and in its links. */
import { definePattern, example } from '../define.ts'
import type { Recogniser } from '../types.ts'

/** Messengers whose names are words of their own, or need `ID` or the like because they are everyday words. */
const MESSENGERS = [
  'wechat', 'weixin', 'qq', 'kakaotalk', 'kakao', 'kik', 'icq', 'threema', 'viber', 'wickr', 'whatsapp', 'imessage', 'facetime',
  'skype', 'telegram', 'discord', 'snapchat', 'xmpp', 'jabber', 'mastodon', 'bluesky', 'zalo', 'jami', 'tox',
] // biome-ignore format: a list
const NEED_ID = ['line', 'wire', 'teams', 'zoom', 'threads']
/** Everyday words that say it with a colon as well. */
const NEED_COLON = ['signal', 'steam', 'psn', 'xbox']
const UNSPACED = ['微信号', '微信', 'qq号', 'line id', 'ライン', '카카오톡', '카톡', '라인']

const ID =
  '(?: ?(?:id|handle|name|username|user|nick|nickname|account|konto|pseudo|usuario|gebruikersnaam|number|号|아이디))'
const LINK = '(?: (?:is|ist|est|es|è|é|lautet|to))?[ \\t]{0,2}[:=\\uff1a]?[ \\t]{0,2}'
/** A name of a service: letters, and one at least of its marks or digits unless a colon says that it is one. */
const VALUE =
  '(?<value>@?[A-Za-z](?:[A-Za-z0-9_]|[.:-](?=[A-Za-z0-9_])){2,39}(?:#[0-9]{4})?|[1-9][0-9]{4,14})(?![\\p{L}\\p{N}_@/-])'
const NAMES = [...MESSENGERS, ...UNSPACED].sort((a, b) => b.length - a.length).join('|')

/** Words that follow the name of a messenger and a colon in prose and settings. */
const ORDINARY =
  /^(?:string|number|boolean|null|none|true|false|undefined|unknown|available|online|offline|yes|no|call|chat|group|message|messages|app|web|desktop|only|https?)$/iu

const labelled = definePattern({
  id: 'messenger_name',
  entity: 'USERNAME',
  pattern: new RegExp(
    `(?:(?:${NAMES})(?:${ID}${LINK}|[ \\t]{0,2}[:=\\uff1a][ \\t]{0,2}|(?: (?:is|ist|est|es|è|é|:))? (?=@|[\\w.:-]{0,30}[0-9_#]))|(?:${[...NEED_ID, ...NEED_COLON].join('|')}) ?(?:id|handle|username)${LINK}|(?:${NEED_COLON.join('|')})[ \\t]{0,2}:[ \\t]{0,2}(?=@|[A-Za-z][\\w.:-]{0,30}[0-9]))["'\`(]?${VALUE}`,
    'iu',
  ),
  words: [...MESSENGERS, ...NEED_ID, ...NEED_COLON, ...UNSPACED],
  boundary: 'none',
  validate: (value) => !ORDINARY.test(value),
  scores: { plain: 0.7 },
  about: { subtype: 'MESSENGER', source: 'the services’ rules for user names' },
  examples: [
    example('WeChat ID: zhang_wei88, LINE ID: anna.k', 'zhang_wei88', 'anna.k'),
    example('微信号:zhangwei_88', 'zhangwei_88'),
    example('skype: live:anna.k and Signal: anna.42', 'live:anna.k', 'anna.42'),
    example('Discord: annak#1234', 'annak#1234'),
    example('Telegram is an app'),
    example('Signal: lost, line 42: error, line number: 12345'),
    example('discord: string'),
  ],
})

const HOSTS =
  't\\.me|telegram\\.me|telegram\\.dog|wa\\.me|m\\.me|line\\.me/ti/p|signal\\.me/#p|snapchat\\.com/add|join\\.skype\\.com|threema\\.id|u\\.wechat\\.com'

const link = definePattern({
  id: 'messenger_link',
  entity: 'USERNAME',
  pattern: new RegExp(`(?:(?:${HOSTS})/|(?:skype|tg://resolve\\?domain=|kik|xmpp):)(?<value>[@+~]?[A-Za-z0-9][\\w.:+-]{2,63})(?<![.:])`, 'iu'),
  words: ['t', 'telegram', 'wa', 'm', 'line', 'signal', 'snapchat', 'join', 'threema', 'u', 'skype', 'tg', 'kik', 'xmpp'],
  boundary: 'word',
  scores: { plain: 0.8 },
  about: { subtype: 'MESSENGER', source: 'the services’ formats of links' },
  examples: [
    example('find me at t.me/annak_99.', 'annak_99'),
    example('wa.me/4915112345678', '4915112345678'),
    example('skype:live:anna.k', 'live:anna.k'),
    example('t.me is a host'),
    example('at.me/x'),
    example('skype call'),
  ],
}) // biome-ignore format: lists of words

/** All of this file. */
export const MESSENGERS_LIST: readonly Recogniser[] = [labelled, link]
