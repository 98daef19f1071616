//! The servers of one store.

use std::fs;

use kms_wire::sign::SigningKey;

use super::Probe;
use crate::{place::Place, server::Server};

/// All of them, running or killed.
pub(super) struct Fleet {
    admin: SigningKey,
    members: Vec<(Place, Option<Server>)>,
}

// === impl Fleet ===

impl Fleet {
    pub(super) fn of_one(place: Place) -> Self {
        let admin = place.init();
        let server = Server::start(&place);
        Self {
            admin,
            members: vec![(place, Some(server))],
        }
    }

    /// On the first one's PostgreSQL; each with a folder of its own.
    pub(super) fn of_several(first: Place, count: usize) -> Self {
        let url = first.url().to_owned();
        let root = first.path("root.key");
        let mut fleet = Self::of_one(first);
        while fleet.members.len() < count {
            let place = Place::on(&url);
            fs::copy(&root, place.path("root.key")).unwrap();
            let server = Server::start(&place);
            fleet.members.push((place, Some(server)));
        }
        fleet
    }

    /// Who asks that server.
    pub(super) fn probe(&self, server: usize) -> Probe {
        let at = self.members[server].1.as_ref().unwrap().http;
        Probe::new(at, self.admin.clone())
    }

    pub(super) fn probes(&self) -> Vec<Probe> {
        (0..self.members.len())
            .map(|server| self.probe(server))
            .collect()
    }

    /// The others; of one server, itself.
    pub(super) fn others_than(&self, server: usize) -> Vec<usize> {
        let is_alone = self.members.len() == 1;
        (0..self.members.len())
            .filter(|other| is_alone || *other != server)
            .collect()
    }

    pub(super) fn place(&self, server: usize) -> &Place {
        &self.members[server].0
    }

    /// SIGKILL.
    pub(super) fn kill(&mut self, server: usize) {
        drop(self.members[server].1.take().unwrap());
    }

    pub(super) fn restart(&mut self, server: usize) {
        let (place, running) = &mut self.members[server];
        *running = Some(Server::start(place));
    }

    /// All end well; their places.
    pub(super) fn stop(self) -> Vec<Place> {
        let end = |(place, server): (Place, Option<Server>)| {
            server.unwrap().stop();
            place
        };
        self.members.into_iter().map(end).collect()
    }
}
