//! The library as a WebAssembly module. [`alloc`] gives room for a request, [`call`] takes it and answers; both are lists of strings.
//!
//! A list is each string behind its length (u32, little-endian), and at its end the length 2^32 - 1. A request begins with a word:
//!
//! | request | answer, as names and contents in turn |
//! | --- | --- |
//! | `version` | `version`: the library's; `sources`: a digest of the sources it was built from, empty where it was built by hand |
//! | `begin`, name, text, settings.. | `plan`: scenarios, replicates, exact values that have to be worked out, as JSON |
//! | `advance` | goes on by a piece; `progress`: blocks drawn, blocks in all, whether there is more |
//! | `answer`, or with a figure, x and perhaps y of a guess | the files of the result so far: see `mode_lottery::report::answer` |
//! | `replay`, name, text, scenario, replicate, prompts, settings.. | `replay`: tables of its draws, as JSON |
//! | `again`, name, text, scenario, block, settings.. | `digest`: that of the block, drawn now, as manifests write it |
//! | `written`, text, settings.. | `text`: the file with the settings written into it |
//!
//! What is wrong is answered as `error` and a text. Settings are arguments of `--set`. Whoever calls gives a function `page.told` (done, of),
//! which hears of exact values as they are worked out.

mod calls;
mod strings;

use std::cell::RefCell;

thread_local! {
    /// The last answer: it stays where it is until the next call.
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Room for a request of `length` bytes, which [`call`] gives back.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Answers a request.
///
/// # Safety
///
/// `request` comes from [`alloc`] for this `length`, was filled with a list of strings, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn call(request: *mut u8, length: usize) -> *const u8 {
    // SAFETY: the caller hands over what `alloc` made, by the contract above.
    let request = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(request, length)) };
    let answer = strings::read(&request)
        .and_then(|request| calls::answer(&request))
        .unwrap_or_else(|error| vec![("error".to_owned(), error.to_string().into_bytes())]);
    ANSWER.with(|own| {
        *own.borrow_mut() = strings::write(&answer);
        own.borrow().as_ptr()
    })
}
