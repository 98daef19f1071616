//! Runs a template. gotmpl's own executor counts no steps, so that two dozen templates which call
//! one another twice hang it for years, and its errors quote values: only its parser is used.

use std::rc::Rc;

use gotmpl::parse::{BranchNode, CommandNode, Expr, ListNode, Node, Number, PipeNode, SmolStr};

use super::{
    budget::MAX_OUTPUT,
    fault::Fault,
    functions::{self, Context},
    methods, print,
    program::Program,
    value::{Text, Value},
};

/// One run over one program.
pub(super) struct Run<'a> {
    program: &'a Program,
    context: &'a Context<'a>,
    out: Vec<u8>,
    variables: Vec<(SmolStr, Value)>,
    depth: usize,
}

/// How a list of nodes ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// Templates in templates, branches and parentheses: each is a call on the thread's stack.
const MAX_DEPTH: usize = 120;

// === impl Run ===

impl<'a> Run<'a> {
    /// What the template writes.
    pub(super) fn over(
        program: &'a Program,
        context: &'a Context<'a>,
        data: &Value,
    ) -> Result<Vec<u8>, Fault> {
        let mut run = Self {
            program,
            context,
            out: Vec::new(),
            variables: vec![(SmolStr::new_static("$"), data.clone())],
            depth: 0,
        };
        run.list(&program.main, data)?;
        Ok(run.out)
    }

    fn write(&mut self, text: &[u8]) -> Result<(), Fault> {
        if self.out.len() + text.len() > MAX_OUTPUT {
            return Err(Fault::new(
                "the output is longer than a Secret holds (1 MiB)",
            ));
        }
        self.out.extend_from_slice(text);
        Ok(())
    }

    fn list(&mut self, list: &ListNode, dot: &Value) -> Result<Flow, Fault> {
        for node in &list.nodes {
            let flow = self.node(node, dot)?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn node(&mut self, node: &Node, dot: &Value) -> Result<Flow, Fault> {
        self.context.budget.step(1)?;
        match node {
            Node::Text(text) => self.write(text.text.as_bytes())?,
            Node::Action(action) => {
                let value = self
                    .pipe(&action.pipe, dot)
                    .map_err(|fault| fault.at(action.pos.line))?;
                if action.pipe.decl.is_empty() {
                    // Not after it is printed: a small dict may hold one text a thousand times.
                    self.context
                        .budget
                        .take(value.weight().saturating_mul(16))?;
                    let text = print::action(&value);
                    self.write(&text)?;
                }
            }
            Node::If(branch) => return self.deeper(|run| run.branch(branch, dot, false)),
            Node::With(branch) => return self.deeper(|run| run.branch(branch, dot, true)),
            Node::Range(branch) => return self.deeper(|run| run.range(branch, dot)),
            Node::Template(call) => {
                let line = call.pos.line;
                let argument = match &call.pipe {
                    Some(pipe) => self.pipe(pipe, dot).map_err(|fault| fault.at(line))?,
                    None => Value::Nil,
                };
                self.deeper(|run| run.call(&call.name, &argument))
                    .map_err(|fault| fault.at(line))?;
            }
            Node::Define(_) => {}
            Node::List(list) => return self.list(list, dot),
            Node::Break(_) => return Ok(Flow::Break),
            Node::Continue(_) => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::new("templates call one another too deep"));
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        done
    }

    /// The body of another template; it sees no variables but `$`.
    fn call(&mut self, name: &SmolStr, argument: &Value) -> Result<(), Fault> {
        let program = self.program;
        let Some(body) = program.defines.get(name) else {
            return Err(Fault::new(format!("no template is defined as {name:?}")));
        };
        let own = vec![(SmolStr::new_static("$"), argument.clone())];
        let outer = std::mem::replace(&mut self.variables, own);
        let done = self.list(body, argument);
        self.variables = outer;
        done.map(|_| ())
    }

    fn branch(&mut self, branch: &BranchNode, dot: &Value, is_with: bool) -> Result<Flow, Fault> {
        let outer = self.variables.len();
        let value = self
            .pipe(&branch.pipe, dot)
            .map_err(|fault| fault.at(branch.pos.line))?;
        let flow = if value.is_true() {
            self.list(&branch.body, if is_with { &value } else { dot })
        } else if let Some(other) = &branch.else_body {
            self.list(other, dot)
        } else {
            Ok(Flow::On)
        };
        self.variables.truncate(outer);
        flow
    }

    fn range(&mut self, branch: &BranchNode, dot: &Value) -> Result<Flow, Fault> {
        let outer = self.variables.len();
        let value = self
            .commands(&branch.pipe, dot)
            .map_err(|fault| fault.at(branch.pos.line))?;
        let mut ran = false;
        let mut rounds = rounds(&value, branch.pipe.decl.len())
            .map_err(|fault| fault.within("range").at(branch.pos.line))?;
        let flow = loop {
            let Some((key, item)) = rounds.next() else {
                break Ok(Flow::On);
            };
            ran = true;
            self.context.budget.step(1)?;
            self.bind(branch, key, &item)?;
            let flow = self.list(&branch.body, &item);
            self.variables.truncate(outer);
            match flow {
                Ok(Flow::Break) => break Ok(Flow::On),
                Ok(Flow::On | Flow::Continue) => {}
                Err(fault) => break Err(fault),
            }
        };
        match (ran, &branch.else_body) {
            (false, Some(other)) => self.list(other, dot),
            _ => flow,
        }
    }

    /// The loop's variables: one is the element, two are key and element.
    fn bind(&mut self, branch: &BranchNode, key: Value, item: &Value) -> Result<(), Fault> {
        let bound = match branch.pipe.decl.as_slice() {
            [] => return Ok(()),
            [only] => vec![(only, item.clone())],
            [first, second, ..] => vec![(first, key), (second, item.clone())],
        };
        for (name, value) in bound {
            if branch.pipe.is_assign {
                self.assign(name, value)?;
            } else {
                self.variables.push((name.clone(), value));
            }
        }
        Ok(())
    }

    fn assign(&mut self, name: &SmolStr, value: Value) -> Result<(), Fault> {
        let found = self.variables.iter_mut().rev().find(|own| own.0 == *name);
        let Some(own) = found else {
            return Err(Fault::new(format!("undefined variable {name}")));
        };
        own.1 = value;
        Ok(())
    }

    fn pipe(&mut self, pipe: &PipeNode, dot: &Value) -> Result<Value, Fault> {
        let value = self.commands(pipe, dot)?;
        for name in &pipe.decl {
            if pipe.is_assign {
                self.assign(name, value.clone())?;
            } else {
                self.variables.push((name.clone(), value.clone()));
            }
        }
        Ok(value)
    }

    fn commands(&mut self, pipe: &PipeNode, dot: &Value) -> Result<Value, Fault> {
        let mut value = None;
        for command in &pipe.commands {
            let found = self.command(command, dot, value.take());
            value = Some(found.map_err(|fault| fault.at(command.pos.line))?);
        }
        Ok(value.unwrap_or(Value::Nil))
    }

    /// A function with its arguments, of which the last came through the pipe; or a value.
    fn command(
        &mut self,
        command: &CommandNode,
        dot: &Value,
        piped: Option<Value>,
    ) -> Result<Value, Fault> {
        self.context.budget.step(1)?;
        let Some((first, arguments)) = command.args.split_first() else {
            return Err(Fault::new("a command is empty"));
        };
        match first {
            Expr::Identifier(_, name) => self.function(name, arguments, dot, piped),
            // Only what a method takes may stand behind a field.
            Expr::Field(_, names) => {
                let values = self.arguments(arguments, dot, piped)?;
                methods::walk(dot.clone(), names, &values)
            }
            Expr::Variable(_, name, names) => {
                let values = self.arguments(arguments, dot, piped)?;
                methods::walk(self.variable(name)?, names, &values)
            }
            Expr::Chain(_, inner, names) => {
                let receiver = self.expression(inner, dot)?;
                let values = self.arguments(arguments, dot, piped)?;
                methods::walk(receiver, names, &values)
            }
            Expr::Nil(_) => Err(Fault::new("nil is not a command")),
            other if arguments.is_empty() && piped.is_none() => self.expression(other, dot),
            _ => Err(Fault::new("what takes no arguments is given some")),
        }
    }

    fn arguments(
        &mut self,
        arguments: &[Expr],
        dot: &Value,
        piped: Option<Value>,
    ) -> Result<Vec<Value>, Fault> {
        let mut values = Vec::with_capacity(arguments.len() + 1);
        for argument in arguments {
            values.push(self.expression(argument, dot)?);
        }
        values.extend(piped);
        Ok(values)
    }

    fn function(
        &mut self,
        name: &SmolStr,
        arguments: &[Expr],
        dot: &Value,
        piped: Option<Value>,
    ) -> Result<Value, Fault> {
        if name == "and" || name == "or" {
            return self.short_circuit(name == "and", arguments, dot, piped);
        }
        let function = functions::find(name).map_err(Fault::new)?;
        let values = self.arguments(arguments, dot, piped)?;
        function.call(self.context, &values)
    }

    /// `and` and `or` look at no more than they need.
    fn short_circuit(
        &mut self,
        is_and: bool,
        arguments: &[Expr],
        dot: &Value,
        piped: Option<Value>,
    ) -> Result<Value, Fault> {
        let mut last = None;
        for argument in arguments {
            let value = self.expression(argument, dot)?;
            if value.is_true() != is_and {
                return Ok(value);
            }
            last = Some(value);
        }
        piped.or(last).ok_or_else(|| {
            Fault::new("it has no arguments").within(if is_and { "and" } else { "or" })
        })
    }

    fn variable(&self, name: &SmolStr) -> Result<Value, Fault> {
        let found = self.variables.iter().rev().find(|own| own.0 == *name);
        let found = found.map(|own| own.1.clone());
        found.ok_or_else(|| Fault::new(format!("undefined variable {name}")))
    }

    fn expression(&mut self, expression: &Expr, dot: &Value) -> Result<Value, Fault> {
        match expression {
            Expr::Dot(_) => Ok(dot.clone()),
            Expr::Field(_, names) => methods::walk(dot.clone(), names, &[]),
            Expr::Variable(_, name, names) => methods::walk(self.variable(name)?, names, &[]),
            Expr::Identifier(_, name) => self.function(name, &[], dot, None),
            Expr::String(_, text) => Ok(Value::text(text.as_bytes())),
            Expr::Number(_, number) => match *number {
                Number::Int(number) => Ok(Value::int(number)),
                Number::Float(number) => Ok(Value::Float(number)),
                Number::Uint(_) => Err(Fault::new("a number overflows int")),
            },
            Expr::Bool(_, value) => Ok(Value::Bool(*value)),
            Expr::Nil(_) => Ok(Value::Nil),
            Expr::Pipe(_, pipe) => self.deeper(|run| run.pipe(pipe, dot)),
            Expr::Chain(_, inner, names) => {
                let receiver = self.expression(inner, dot)?;
                methods::walk(receiver, names, &[])
            }
        }
    }
}

/// What a range goes through: keys and elements.
fn rounds(
    value: &Value,
    variables: usize,
) -> Result<Box<dyn Iterator<Item = (Value, Value)>>, Fault> {
    match value {
        Value::Nil => Ok(Box::new(std::iter::empty())),
        Value::List(list) => {
            let items = Rc::clone(&list.items);
            Ok(Box::new((0..items.len()).map(move |at| {
                (
                    Value::count(at),
                    items.get(at).cloned().unwrap_or(Value::Nil),
                )
            })))
        }
        Value::Map(map) => {
            let entries = map.entries().into_iter();
            Ok(Box::new(entries.map(|(key, item): (Text, Value)| {
                (Value::Text(key), item)
            })))
        }
        Value::Int(number, width) if variables < 2 => {
            let width = *width;
            Ok(Box::new((0..*number).map(move |at| {
                (Value::Int(at, width), Value::Int(at, width))
            })))
        }
        Value::Int(..) => Err(Fault::new("a number gives no second variable")),
        Value::Text(_) => Err(Fault::new(
            "a string cannot be gone through; use splitList or toLines",
        )),
        other => Err(Fault::new(format!(
            "{} cannot be gone through",
            other.type_name()
        ))),
    }
}
