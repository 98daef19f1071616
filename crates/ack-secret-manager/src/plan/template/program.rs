//! A text, taken apart and looked through before anything is run.

use std::collections::{BTreeMap, BTreeSet};

use gotmpl::{
    TemplateError,
    parse::{BranchNode, CommandNode, Expr, ListNode, Node, Parser, PipeNode, SmolStr},
};

use super::{comments, functions};

/// What a text says.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) main: ListNode,
    pub(super) defines: BTreeMap<SmolStr, ListNode>,
}

/// Why a text is no template.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct NotTemplate {
    /// Where, as far as it is known.
    pub(super) place: Option<(usize, usize)>,
    /// What the parser says, which may quote the text.
    pub(super) what: String,
    /// Whether the original takes it: it calls a function that is left out here.
    pub(super) left_out: bool,
}

/// Looks through a tree for what Go refuses before it runs it.
struct Check {
    /// Variables that are there, innermost last.
    variables: Vec<SmolStr>,
    loops: usize,
}

/// How many characters a template may have: as many as a Secret holds.
const MAX_SOURCE: usize = 1024 * 1024;

/// Stands behind the text while it is parsed. gotmpl takes an `end` too many for the end of the
/// text, whose rest it leaves away, and lets an `end` too few pass: then this is not the last.
const END: &str = "\u{10fffe}end of the template";

// === impl Program ===

impl Program {
    pub(super) fn parse(source: &str) -> Result<Self, NotTemplate> {
        if source.len() > MAX_SOURCE {
            return Err(NotTemplate::new(None, "it is longer than 1 MiB".to_owned()));
        }
        let marked = comments::marked(source) + END;
        let parser = Parser::new(&marked, "{{", "}}").map_err(|error| syntax(&error))?;
        let (mut main, defines) = parser.parse().map_err(|error| syntax(&error))?;
        cut_end(&mut main)?;
        comments::unmark(&mut main);
        let mut bodies: BTreeMap<SmolStr, ListNode> = BTreeMap::new();
        let mut full = BTreeSet::new();
        for mut define in defines {
            comments::unmark(&mut define.body);
            check(&define.body)?;
            let is_empty = define.body.is_empty_tree();
            if !is_empty && !full.insert(define.name.clone()) {
                let what = format!("it defines the template {:?} twice", define.name);
                return Err(NotTemplate::new(None, what));
            }
            if !is_empty || !bodies.contains_key(&define.name) {
                bodies.insert(define.name, define.body);
            }
        }
        check(&main)?;
        // A template without a name is the text itself, as in Go.
        if main.is_empty_tree()
            && let Some(own) = bodies.remove("")
        {
            main = own;
        }
        Ok(Self {
            main,
            defines: bodies,
        })
    }
}

// === impl NotTemplate ===

impl NotTemplate {
    fn new(line: Option<usize>, what: String) -> Self {
        Self {
            place: line.map(|line| (line, 0)),
            what,
            left_out: false,
        }
    }
}

fn syntax(error: &TemplateError) -> NotTemplate {
    match error {
        TemplateError::Parse {
            line, col, message, ..
        }
        | TemplateError::Lex {
            line, col, message, ..
        } => NotTemplate {
            place: (*line > 0).then_some((*line, *col)),
            what: message.clone(),
            left_out: false,
        },
        other => NotTemplate::new(None, other.to_string()),
    }
}

fn cut_end(main: &mut ListNode) -> Result<(), NotTemplate> {
    if let Some(Node::Text(last)) = main.nodes.last_mut()
        && let Some(text) = last.text.strip_suffix(END)
    {
        last.text = text.into();
        return Ok(());
    }
    let what = "there is an end too many or too few, or an else without an if";
    Err(NotTemplate::new(None, what.to_owned()))
}

fn check(list: &ListNode) -> Result<(), NotTemplate> {
    let mut check = Check {
        variables: vec![SmolStr::new_static("$")],
        loops: 0,
    };
    check.list(list)
}

// === impl Check ===

impl Check {
    fn list(&mut self, list: &ListNode) -> Result<(), NotTemplate> {
        list.nodes.iter().try_for_each(|node| self.node(node))
    }

    fn node(&mut self, node: &Node) -> Result<(), NotTemplate> {
        match node {
            Node::Break(at) | Node::Continue(at) if self.loops == 0 => Err(NotTemplate::new(
                Some(at.line),
                "break or continue outside range".to_owned(),
            )),
            Node::Text(_) | Node::Define(_) | Node::Break(_) | Node::Continue(_) => Ok(()),
            Node::List(list) => self.list(list),
            Node::Action(action) => self.pipe(&action.pipe),
            Node::If(branch) | Node::With(branch) => self.branch(branch, false),
            Node::Range(branch) => self.branch(branch, true),
            Node::Template(template) => template.pipe.iter().try_for_each(|pipe| self.pipe(pipe)),
        }
    }

    fn branch(&mut self, branch: &BranchNode, is_loop: bool) -> Result<(), NotTemplate> {
        let outer = self.variables.len();
        self.pipe(&branch.pipe)?;
        let inner = self.variables.len();
        self.loops += usize::from(is_loop);
        self.list(&branch.body)?;
        self.loops -= usize::from(is_loop);
        self.variables.truncate(inner);
        if let Some(other) = &branch.else_body {
            self.list(other)?;
        }
        self.variables.truncate(outer);
        Ok(())
    }

    fn pipe(&mut self, pipe: &PipeNode) -> Result<(), NotTemplate> {
        if pipe.is_assign {
            for name in &pipe.decl {
                self.variable(name, pipe.pos.line)?;
            }
        } else {
            // Go knows them from here on, in the pipeline itself too.
            self.variables.extend(pipe.decl.iter().cloned());
        }
        pipe.commands
            .iter()
            .try_for_each(|command| self.command(command))
    }

    fn command(&mut self, command: &CommandNode) -> Result<(), NotTemplate> {
        command
            .args
            .iter()
            .try_for_each(|argument| self.expression(argument))
    }

    fn expression(&mut self, expression: &Expr) -> Result<(), NotTemplate> {
        match expression {
            Expr::Identifier(at, name) => match functions::find(name) {
                Ok(_) => Ok(()),
                Err(why) => Err(NotTemplate {
                    left_out: functions::is_left_out(name),
                    ..NotTemplate::new(Some(at.line), why)
                }),
            },
            Expr::Variable(at, name, _) => self.variable(name, at.line),
            Expr::Pipe(_, pipe) => self.pipe(pipe),
            Expr::Chain(_, inner, _) => self.expression(inner),
            _ => Ok(()),
        }
    }

    fn variable(&self, name: &SmolStr, line: usize) -> Result<(), NotTemplate> {
        if self.variables.contains(name) {
            return Ok(());
        }
        let what = format!("undefined variable {name}");
        Err(NotTemplate::new(Some(line), what))
    }
}
