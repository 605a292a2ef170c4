// Foreign JSON: what it holds is judged by the specification, not by types.
export type Json = Record<string, any>
