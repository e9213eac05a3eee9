//! Exports everything in a map of a document as JSON, including what this version does not know.

use crate::doc::read::MapReader;
use automerge::{Automerge, ObjId, ObjType, ReadDoc, ScalarValue, Value as Held};
use porchlight_model::id::TurfId;
use serde_json::{Map, Value};

/// All entries of a map with all their fields. Ids are text, other bytes hexadecimal digits; where people disagreed without knowing of each
/// other, all that they put stands under `contradicting`.
pub(crate) fn tell(reader: &MapReader<'_>) -> Value {
    map(reader.document(), reader.id_of_map())
}

fn map(doc: &Automerge, id: &ObjId) -> Value {
    let told = doc.keys(id).map(|key| {
        let all = doc.get_all(id, key.as_str()).unwrap_or_default();
        let mut values: Vec<Value> = Vec::new();
        for value in all.iter().map(|(held, id)| value(doc, held, id)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let told = match values.len() {
            1 => values.remove(0),
            _ => Value::Object(Map::from_iter([("contradicting".to_owned(), Value::Array(values))])),
        };
        (key, told)
    });
    Value::Object(told.collect())
}

fn value(doc: &Automerge, held: &Held<'_>, id: &ObjId) -> Value {
    match held {
        Held::Object(ObjType::Map | ObjType::Table) => map(doc, id),
        Held::Object(ObjType::Text) => doc.text(id).unwrap_or_default().into(),
        Held::Object(ObjType::List) => {
            let items = (0..doc.length(id)).filter_map(|index| doc.get(id, index).ok().flatten());
            items.map(|(held, id)| value(doc, &held, &id)).collect()
        }
        Held::Scalar(scalar) => plain(scalar),
    }
}

fn plain(scalar: &ScalarValue) -> Value {
    match scalar {
        ScalarValue::Bytes(bytes) | ScalarValue::Unknown { bytes, .. } => {
            match <[u8; 16]>::try_from(bytes.as_slice()) {
                // Ids of every kind read the same.
                Ok(id) => TurfId::from_bytes(id).to_string().into(),
                Err(_) => hex::encode(bytes).into(),
            }
        }
        ScalarValue::Str(text) => text.as_str().into(),
        ScalarValue::Int(number) | ScalarValue::Timestamp(number) => (*number).into(),
        ScalarValue::Uint(number) => (*number).into(),
        ScalarValue::F64(number) => (*number).into(),
        ScalarValue::Counter(counter) => i64::from(counter).into(),
        ScalarValue::Boolean(is) => (*is).into(),
        ScalarValue::Null => Value::Null,
    }
}
