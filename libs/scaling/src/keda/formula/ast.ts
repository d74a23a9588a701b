/** Syntax tree of a formula. `at` is the position that errors point to. */
export type FormulaNode = { readonly at: number } & (
  | { readonly kind: 'nil' }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: FormulaNode }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: FormulaNode;
      readonly right: FormulaNode;
    }
  | {
      readonly kind: 'conditional';
      readonly test: FormulaNode;
      readonly yes: FormulaNode;
      readonly no: FormulaNode;
    }
  | { readonly kind: 'array'; readonly items: readonly FormulaNode[] }
  | {
      readonly kind: 'member';
      readonly of: FormulaNode;
      readonly property: FormulaNode;
      readonly method: boolean;
    }
  | {
      readonly kind: 'slice';
      readonly of: FormulaNode;
      readonly from?: FormulaNode;
      readonly to?: FormulaNode;
    }
  | { readonly kind: 'builtin'; readonly name: string; readonly args: readonly FormulaNode[] }
  | { readonly kind: 'call'; readonly callee: FormulaNode; readonly args: readonly FormulaNode[] }
  | { readonly kind: 'predicate'; readonly body: FormulaNode }
  | { readonly kind: 'pointer'; readonly name: string }
  | { readonly kind: 'let'; readonly name: string; readonly value: FormulaNode; readonly body: FormulaNode }
  | { readonly kind: 'sequence'; readonly nodes: readonly FormulaNode[] }
);
