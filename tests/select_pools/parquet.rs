//! Parquet, in builds that read it.

use super::Folder;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

const SCHEMA: &str = "message rows {
    REQUIRED BYTE_ARRAY prompt (UTF8);
    REQUIRED BYTE_ARRAY response (UTF8);
    OPTIONAL DOUBLE reward;
}";

fn file() -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for texts in [["p", "p", "p"], ["one", "two", "three"]] {
        let mut column = group.next_column().unwrap().unwrap();
        let texts = texts.map(ByteArray::from);
        column.typed::<ByteArrayType>().write_batch(&texts, None, None).unwrap();
        column.close().unwrap();
    }
    let mut column = group.next_column().unwrap().unwrap();
    let there = [1, 0, 1];
    column
        .typed::<DoubleType>()
        .write_batch(&[0.25, 0.5], Some(&there), None)
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn rows_of_parquet_are_objects() {
    let folder = Folder::empty();
    folder.write("x.parquet", file());
    let carried = "{\"prompt\":\"p\",\"response\":\"three\",\"reward\":0.5,\"rank\":1,\"weight\":1,\"gain\":0.5}\n";
    assert_eq!(
        folder.kept("x.parquet", "--selector best --k 1 --missing drop --carry"),
        carried
    );
    let done = folder.run("x.parquet", "--selector best --k 1");
    assert!(done.err.starts_with("x.parquet:2:"), "{}", done.err);
    folder.write("cut.parquet", &file()[..60]);
    let done = folder.run("cut.parquet", "--selector best --k 1");
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("Parquet, and it is damaged"), "{}", done.err);
}
