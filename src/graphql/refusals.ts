import { defineRefusals } from '../domain/kernel/refusal.js';

const correct = ['Correct the request and send it again.', '请更正请求后重新发送。'] as const;
const smaller = ['Ask for less at a time, in several queries.', '请减少单次查询的内容，分多次查询。'] as const;

/** What the API itself says no to. Codes that Apollo's clients know keep Apollo's names. */
export const apiRefusals = defineRefusals({
  SIGN_IN_REQUIRED: {
    message: ['This needs a sign-in.', '此操作需要登录。'],
    next: ['Send a token: “Authorization: Bearer …”.', '请发送令牌：“Authorization: Bearer …”。'],
  },
  AT_ONE_POINT: {
    message: ['Give one point of the past: {points}.', '须且只能指定一个时点：{zhPoints}。'],
    next: correct,
  },
  BAD_POSITION: {
    message: ['This is not a position of this log: {position}', '不是本日志的位置：{position}'],
    next: [
      'Give a position as an export or a receipt named it, or leave it out for the newest.',
      '请原样使用导出或回执给出的位置；不填则为最新位置。',
    ],
  },
  POSITION_AHEAD: {
    message: ['The log has only come to {head}, not to {position}.', '日志目前到{head}，尚未到{position}。'],
    next: [
      'Give a position that was received, or leave it out for all there is.',
      '请使用收到的位置；不填即为现有全部内容。',
    ],
  },
  PAGE_TOO_LARGE: {
    message: ['A page has 1 to {most} rows, not {asked}.', '每页为1至{most}行，不能是{asked}。'],
    next: ['Ask for a smaller page and go on with `after`.', '请减小每页行数，并以after继续。'],
  },
  INTERNAL: {
    message: ['Something went wrong on our side (number {id}).', '系统内部错误（编号{id}）。'],
    next: ['Try again; if it stays, give the number to the operator.', '请重试；如仍出现，请将编号告知运维人员。'],
  },
  NOT_RECORDED: {
    message: [
      'The log does not take it now: nothing was written (number {id}).',
      '事件日志暂不可写，本次未写入（编号{id}）。',
    ],
    next: [
      'Try again later with the same commandId; the operator has been told why.',
      '请稍后以相同的commandId重试；原因已告知运维人员。',
    ],
  },
  OUTCOME_UNKNOWN: {
    message: ['The log did not say whether it took it (number {id}).', '事件日志未确认本次写入是否成功（编号{id}）。'],
    next: [
      'Send it again with the same commandId: it is done once, and you get its receipt.',
      '请以相同的commandId重新提交，不会重复执行，并可取得回执。',
    ],
  },
  READS_UNAVAILABLE: {
    message: [
      'The read models cannot be asked now (number {id}). What is recorded stands.',
      '读模型暂不可用（编号{id}），已记录的内容不受影响。',
    ],
    next: [
      'Try again shortly; a command you sent may have been recorded: send it with the same commandId.',
      '请稍后重试；已提交的操作可能已记录，请以相同的commandId重新提交。',
    ],
  },
  KEYS_UNAVAILABLE: {
    message: [
      'The keys of personal data cannot be asked now (number {id}): nothing was written.',
      '个人信息密钥暂不可用，本次未写入（编号{id}）。',
    ],
    next: [
      'Try again later with the same commandId; the operator has been told why.',
      '请稍后以相同的commandId重试；原因已告知运维人员。',
    ],
  },
  GRAPHQL_PARSE_FAILED: { message: ['The query cannot be read: {problem}', '查询语法有误：{problem}'], next: correct },
  GRAPHQL_VALIDATION_FAILED: {
    message: ['The query does not fit the schema: {problem}', '查询与接口定义不符：{problem}'],
    next: ['Compare it with docs/schema.graphql.', '请对照docs/schema.graphql更正。'],
  },
  BAD_USER_INPUT: { message: ['A value does not fit: {problem}', '取值有误：{problem}'], next: correct },
  BAD_REQUEST: { message: ['The request is not valid: {problem}', '请求无效：{problem}'], next: correct },
  OPERATION_RESOLUTION_FAILURE: {
    message: ['The operation cannot be told: {problem}', '无法确定要执行的操作：{problem}'],
    next: ['Name one operation of the document.', '请指明文档中的一个操作。'],
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    message: ['Persisted queries are not served.', '不支持持久化查询。'],
    next: ['Send the whole query.', '请发送完整查询。'],
  },
  UNTRUSTED_DOCUMENT: {
    message: ['This document is not one of those that this server runs.', '此文档不在本服务器的可信文档清单中。'],
    next: [
      'Send a listed document, by its text or its SHA-256; the operator keeps the list (WUJI_TRUSTED_DOCUMENTS).',
      '请以原文或SHA-256发送清单内的文档；清单由运维人员维护（WUJI_TRUSTED_DOCUMENTS）。',
    ],
  },
  TRUSTED_DOCUMENT_WRONG: {
    message: ['The trusted document {name} cannot be served: {problem}', '可信文档{name}无法使用：{problem}'],
    next: [
      'Correct the file named by WUJI_TRUSTED_DOCUMENTS and start again.',
      '请更正WUJI_TRUSTED_DOCUMENTS所指的文件后重新启动。',
    ],
  },
  QUERY_TOO_DEEP: {
    message: ['The query is nested deeper than {most} levels.', '查询嵌套超过{most}层。'],
    next: smaller,
  },
  QUERY_TOO_COSTLY: {
    message: ['The query costs {cost} points; the most is {most}.', '查询代价为{cost}点，上限{most}点。'],
    next: smaller,
  },
  TOO_MANY_ALIASES: { message: ['The query has more than {most} aliases.', '查询别名超过{most}个。'], next: smaller },
  TOO_MANY_DIRECTIVES: {
    message: ['The query has more than {most} directives.', '查询指令超过{most}个。'],
    next: smaller,
  },
  QUERY_TOO_LONG: { message: ['The query has more than {most} tokens.', '查询词元超过{most}个。'], next: smaller },
  BODY_NOT_JSON: {
    message: ['The body is not JSON in UTF-8.', '请求正文不是UTF-8编码的JSON。'],
    next: ['Send “application/json” in UTF-8.', '请以UTF-8编码发送application/json。'],
  },
  BODY_TOO_LARGE: { message: ['The body is larger than {most} bytes.', '请求正文超过{most}字节。'], next: smaller },
  UNSUPPORTED_MEDIA_TYPE: {
    message: ['This kind of body is not read here.', '不支持此类请求正文。'],
    next: ['Send “application/json” in UTF-8.', '请以UTF-8编码发送application/json。'],
  },
  NO_SUCH_PAGE: {
    message: ['There is nothing at this address.', '此地址没有内容。'],
    next: ['The API is at /graphql.', '接口地址为/graphql。'],
  },
});
