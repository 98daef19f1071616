//! The API server of Kubernetes and the etcd beneath it, from their Go modules. Building them takes
//! ten minutes of a processor, once.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

use anyhow::{Context as _, Result, ensure};

use super::{go, lock, run};

/// The two programs that are a cluster without nodes.
#[derive(Clone, Debug)]
pub(crate) struct KubernetesPrograms {
    /// `kube-apiserver`.
    pub(crate) api_server: PathBuf,
    /// `etcd`.
    pub(crate) etcd: PathBuf,
}

/// A main package: its module in suite/go, and what it is called.
struct Package {
    /// The folder.
    folder: &'static str,
    /// As go.mod requires it.
    module: &'static str,
    /// As go builds it.
    path: &'static str,
    /// What to call it.
    program: &'static str,
    /// The variable that holds its version.
    stamp: Option<&'static str>,
}

const API_SERVER: Package = Package {
    folder: "kubernetes",
    module: "k8s.io/kubernetes",
    path: "k8s.io/kubernetes/cmd/kube-apiserver",
    program: "kube-apiserver",
    // Without it the server is of version 0.0.0, and clients choose what to do by its version.
    stamp: Some("k8s.io/component-base/version.gitVersion"),
};

const ETCD: Package = Package {
    folder: "etcd",
    module: "go.etcd.io/etcd/server/v3",
    path: "go.etcd.io/etcd/server/v3",
    program: "etcd",
    stamp: None,
};

const HELM: Package = Package {
    folder: "helm",
    module: "helm.sh/helm/v3",
    path: "helm.sh/helm/v3/cmd/helm",
    program: "helm",
    stamp: None,
};

/// Held while one is built: who needs it as well waits for it, and nobody else has to.
static BUILDS: Mutex<()> = Mutex::new(());

/// Those in this folder, if one is named; else ours, built once into the cache.
pub(crate) fn kubernetes_programs(
    root: &Path,
    cache: &Path,
    named: Option<&Path>,
) -> Result<KubernetesPrograms> {
    if let Some(folder) = named {
        let find = |name| {
            let program = folder.join(name);
            ensure!(
                program.is_file(),
                "KUBEBUILDER_ASSETS has no {name} in {}; without the variable it is built",
                folder.display()
            );
            Ok(program)
        };
        return Ok(KubernetesPrograms {
            api_server: find(API_SERVER.program)?,
            etcd: find(ETCD.program)?,
        });
    }
    let _alone = lock(&BUILDS);
    Ok(KubernetesPrograms {
        etcd: ETCD.built(root, cache)?,
        api_server: API_SERVER.built(root, cache)?,
    })
}

/// `helm`, built once into the cache: three minutes of a processor.
pub(crate) fn helm_program(root: &Path, cache: &Path) -> Result<PathBuf> {
    let _alone = lock(&BUILDS);
    HELM.built(root, cache)
}

// === impl Package ===

impl Package {
    fn built(&self, root: &Path, cache: &Path) -> Result<PathBuf> {
        let module = root.join("suite/go").join(self.folder);
        let version = self.version(&module.join("go.mod"))?;
        let folder = cache.join(self.folder).join(&version);
        let program = folder.join(self.program);
        if program.is_file() {
            return Ok(program);
        }
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        // Three gigabytes that nobody needs again.
        let scratch = folder.join("objects");
        let half = program.with_extension("part");
        let stamp = self.stamp.map(|name| format!(" -X {name}={version}"));
        let mut build = go(cache, &module)?;
        build
            .arg("build")
            .arg(format!("-ldflags=-s -w{}", stamp.unwrap_or_default()))
            .arg("-o")
            .arg(&half)
            .arg(self.path)
            .env("GOCACHE", &scratch);
        run(&mut build).with_context(|| format!("building {} {version}", self.program))?;
        // Last, so that half of it is not taken for all.
        fs::rename(&half, &program).with_context(|| format!("making {}", program.display()))?;
        let _left = fs::remove_dir_all(&scratch);
        Ok(program)
    }

    /// The version that go.mod requires.
    fn version(&self, file: &Path) -> Result<String> {
        let text =
            fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        let version = text.lines().find_map(|line| {
            let mut words = line.split_whitespace().filter(|word| *word != "require");
            (words.next()? == self.module).then(|| words.next())?
        });
        version
            .map(str::to_owned)
            .with_context(|| format!("{} requires no {}", file.display(), self.module))
    }
}
