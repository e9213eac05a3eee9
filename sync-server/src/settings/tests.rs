//! The example file is what it says: all settings, each as it usually is.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{Asked, Given, Settings};
use clap::{CommandFactory, Parser};
use std::path::PathBuf;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/relay.example.toml");

#[test]
fn the_example_file_changes_nothing_as_it_is() {
    let given = Given { config: Some(PathBuf::from(EXAMPLE)), ..Given::default() };
    assert_eq!(Settings::complete(given).unwrap(), Settings::complete(Given::default()).unwrap());
}

#[test]
fn the_example_file_shows_every_setting() {
    let text = std::fs::read_to_string(EXAMPLE).unwrap();
    let named: Vec<_> =
        Asked::command().get_arguments().filter_map(|arg| arg.get_long()).map(|flag| flag.replace('-', "_")).collect();
    assert!(named.len() > 10);
    for name in named.iter().filter(|name| *name != "config") {
        assert!(text.contains(&format!("\n{name} = ")) || text.contains(&format!("\n# {name} = ")), "{name}");
    }
    // Uncommented, every line is understood.
    let all = text.replace("\n# ", "\n");
    let settings: Vec<_> = all.lines().filter(|line| line.contains(" = ")).collect();
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    std::fs::write(&file, settings.join("\n")).unwrap();
    let complete = Settings::complete(Given { config: Some(file), ..Given::default() }).unwrap();
    assert!(complete.tls.is_some() && complete.web.is_some() && complete.founding_invite.is_some());
}

#[test]
fn the_command_line_is_sound_and_its_help_tells_how_to_start() {
    Asked::command().debug_assert();
    let help = Asked::command().render_long_help().to_string();
    for part in [
        "--data",
        "--listen",
        "--url",
        "--web",
        "--tls-cert",
        "invite",
        "revoke",
        "restored",
        "PORCHLIGHT_DATA",
        "SIGTERM",
    ] {
        assert!(help.contains(part), "{part} in\n{help}");
    }
    assert!(Asked::try_parse_from(["porchlight-relay", "invite", "--role", "king"]).is_err());
}

/// The names of environment variables that a text gives to relays.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |letter: char| letter.is_ascii_uppercase() || letter == '_';
    text.split(move |letter| !is_name(letter)).filter(|word| word.starts_with("PORCHLIGHT_"))
}

/// What gives a certificate to the unit of one relay.
const TLS: &str = "systemd/porchlight-relay.service.d/tls.conf";

#[test]
fn the_unit_is_given_the_certificate_that_it_is_told_of() {
    let text = std::fs::read_to_string(format!("{}/../deploy/{TLS}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    for name in ["PORCHLIGHT_TLS_CERT", "PORCHLIGHT_TLS_KEY"] {
        let file = value(&format!("Environment={name}=%d/"));
        assert!(text.lines().any(|line| line.starts_with(&format!("LoadCredential={file}:/"))), "{file}");
    }
    let listen = value("Environment=PORCHLIGHT_LISTEN=").parse::<std::net::SocketAddr>().unwrap();
    assert_eq!(listen.port(), 443);
}

#[test]
fn what_the_units_and_the_compose_file_set_is_known() {
    let known: Vec<String> = Asked::command()
        .get_arguments()
        .filter_map(|arg| arg.get_env())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let fleet = "systemd/fleet.env.example";
    let files = ["compose.yaml", "systemd/porchlight-relay.service", "systemd/porchlight-relay@.service", TLS, fleet];
    for file in files {
        let text = std::fs::read_to_string(format!("{}/../deploy/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        for name in variables(&text) {
            assert!(known.iter().any(|known| known == name), "{file} sets {name}");
        }
        let is_closed = !file.ends_with(".service") || text.lines().any(|line| line == "UMask=0077");
        assert!(is_closed, "what {file} starts writes files that others may read");
        for line in text.lines().filter_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/")) {
            for port in ["8481", "18481"] {
                let line = line.replace("%i", port);
                assert!(Asked::try_parse_from(line.split(' ')).is_ok(), "{line}");
            }
        }
    }
}

#[test]
fn the_settings_of_a_fleet_are_complete_and_understood() {
    let text = std::fs::read_to_string(format!("{}/../deploy/systemd/fleet.env.example", env!("CARGO_MANIFEST_DIR")));
    let text = text.unwrap();
    let unit =
        std::fs::read_to_string(format!("{}/../deploy/systemd/porchlight-relay@.service", env!("CARGO_MANIFEST_DIR")));
    let unit = unit.unwrap();
    let mut flags = vec!["porchlight-relay".to_owned()];
    for arg in Asked::command().get_arguments() {
        let (Some(env), Some(flag)) = (arg.get_env().and_then(|name| name.to_str()), arg.get_long()) else { continue };
        // The unit sets some itself, and a relay over a database keeps nothing in a folder.
        if unit.contains(&format!(" --{flag} ")) || flag == "data" {
            assert!(!text.contains(&format!("{env}=")), "{env} is not for fleet.env");
            continue;
        }
        let value = text.lines().find_map(|line| line.trim_start_matches('#').strip_prefix(&format!("{env}=")));
        let value = value.unwrap_or_else(|| panic!("{env} is missing"));
        if flag != "config" {
            flags.push(format!("--{flag}={value}"));
        }
    }
    let all = Settings::complete(Asked::try_parse_from(flags).unwrap().given).unwrap();
    assert!(all.tls.is_some() && all.bus.is_some() && all.relays.len() == 2);
    let usual = Settings::complete(Given::default()).unwrap();
    let limits = |of: &Settings| {
        let rates = [of.device_rate, of.device_bytes, of.device_told, of.address_rate];
        (rates, of.device_at_once, of.device_queue, of.large_bytes)
    };
    assert_eq!(limits(&all), limits(&usual), "limits are shown with their defaults");
}

#[test]
fn a_list_that_is_empty_is_none_and_wins_over_the_file() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    std::fs::write(&file, "relays = [\"https://file.example\"]\nproxies = [\"127.0.0.1\"]\n").unwrap();
    let config = format!("--config={}", file.display());
    let complete = |words: &[&str]| {
        let words = [&["porchlight-relay", config.as_str()], words].concat();
        Settings::complete(Asked::try_parse_from(words).unwrap().given).unwrap()
    };
    let lists = Asked::command().get_arguments().filter(|arg| arg.get_value_delimiter().is_some()).count();
    assert_eq!(lists, 2, "each list is tried below");
    let none = Settings::complete(Given::default()).unwrap();
    let of_file = complete(&[]);
    assert!(of_file.relays.len() == 1 && of_file.proxies != none.proxies);
    for empty in ["", ",", " , "] {
        let said = complete(&[&format!("--relays={empty}"), &format!("--proxies={empty}")]);
        assert_eq!((&said.relays, &said.proxies), (&none.relays, &none.proxies), "{empty:?}");
    }
    let said = complete(&["--relays=https://a.example, https://b.example/,", "--proxies=127.0.0.1,"]);
    assert_eq!(
        (said.relays, said.proxies),
        (vec!["https://a.example".to_owned(), "https://b.example".to_owned()], of_file.proxies)
    );
    // Several servers of the bus are one text, with commas between.
    let bus = |text: &str| complete(&["--store=postgres://db.example/relay", &format!("--bus={text}")]).bus.is_some();
    assert!(bus("nats://a.example,nats://b.example"));
}

#[test]
fn room_for_large_requests_has_a_least() {
    let complete = |mib| Settings::complete(Given { large_mib: Some(mib), ..Given::default() });
    assert_eq!(complete(32).unwrap().large_bytes, 32 * 1024 * 1024);
    let error = complete(31).unwrap_err().to_string();
    assert!(error.contains("--large-mib") && error.contains("at least 32"), "{error}");
}
