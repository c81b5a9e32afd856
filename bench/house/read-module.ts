import ts from 'typescript';

export interface ExportedName {
  readonly name: string;
  /** A JSDoc comment stands before its declaration. */
  readonly documented: boolean;
}

/** What a file imports and exports, by its syntax alone. */
export interface Module {
  readonly imports: readonly string[];
  readonly exported: readonly ExportedName[];
}

export function readModule(file: string, text: string): Module {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return {
    imports: statements.flatMap((statement) => specifierOf(statement) ?? []),
    exported: statements.flatMap(exportedBy),
  };
}

function specifierOf(statement: ts.Statement): string | null {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return null;
  const { moduleSpecifier } = statement;
  return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : null;
}

function exportedBy(statement: ts.Statement): readonly ExportedName[] {
  if (ts.isExportDeclaration(statement)) return exportedAgain(statement);
  if (!ts.canHaveModifiers(statement)) return [];
  const isExported = ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
  if (!isExported) return [];
  const documented = ts.getJSDocCommentsAndTags(statement).length > 0;
  return namesOf(statement).map((name) => ({ name, documented }));
}

function exportedAgain({ exportClause }: ts.ExportDeclaration): readonly ExportedName[] {
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.map(({ name }) => ({ name: name.text, documented: false }));
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}
