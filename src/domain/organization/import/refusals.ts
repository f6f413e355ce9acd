import { defineRefusals } from '../../kernel/refusal.js';

/** Refusals of an import: of the whole file, or of one row of it. */
export const importRefusals = defineRefusals({
  MISSING_COLUMN: {
    message: ['The file has no column {column}.', '文件缺少“{zhColumn}”列。'],
    next: ['Add the column and read the file again.', '请补充该列后重新读取文件。'],
  },
  UNKNOWN_COLUMN: {
    message: ['The file has a column "{header}" that is not known.', '文件中的“{header}”列无法识别。'],
    next: ['Remove it, or name it as one of: {known}.', '请删除该列，或改为以下列名之一：{known}。'],
  },
  DUPLICATE_COLUMN: {
    message: ['Two columns of the file are {column}.', '文件中有两列“{zhColumn}”。'],
    next: ['Keep one of them.', '请只保留其中一列。'],
  },
  BROKEN_ROW: {
    message: ['The row cannot be read: its quotation marks do not pair.', '该行无法读取：引号不成对。'],
    next: ['Check the quotation marks of this row.', '请检查该行的引号。'],
  },
  TOO_MANY_CELLS: {
    message: [
      'The row has {found} cells, the file has {expected} columns.',
      '该行有{found}个单元格，文件只有{expected}列。',
    ],
    next: ['Put a text that has a comma in it between quotation marks.', '含逗号的内容请用英文双引号括起。'],
  },
  MISSING_CELL: {
    message: ['Column {column} is empty.', '“{zhColumn}”列为空。'],
    next: ['Fill it in.', '请填写。'],
  },
  INVALID_CELL: {
    message: ['Column {column}: "{value}" is not {expects}.', '“{zhColumn}”列的“{value}”不是{zhExpects}。'],
    next: ['Correct the cell.', '请更正该单元格。'],
  },
  DUPLICATE_ROW: {
    message: ['Line {line} says the same already.', '第{line}行已有相同内容。'],
    next: ['Remove one of the two rows.', '请删除其中一行。'],
  },
  ROWS_DISAGREE: {
    message: ['Line {line} has another {column} for the same person.', '第{line}行对同一人填写了不同的“{zhColumn}”。'],
    next: ['Make the rows agree, or correct the code.', '请统一各行内容，或更正编号。'],
  },
  CANNOT_CHANGE: {
    message: [
      'Column {column} stands in the register as "{registered}", and an import does not change it.',
      '名册中“{zhColumn}”为“{registered}”，导入不能更改。',
    ],
    next: ['Correct the row, or change the record by its own action.', '请更正该行，或通过相应操作更改记录。'],
  },
  NAME_DIFFERS: {
    message: ['The person with this code is called {registered}.', '该编号登记的姓名为{registered}。'],
    next: ['Correct the code or the name.', '请更正编号或姓名。'],
  },
  SEAT_ENDED: {
    message: ['This mandate has ended.', '该代表职务已终止。'],
    next: ['Remove the row, or name the term of the new mandate.', '请删除该行，或填写新职务的届次。'],
  },
});
