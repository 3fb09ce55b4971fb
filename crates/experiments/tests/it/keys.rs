//! Keys never change but on purpose: what was trained under them is found again.

use std::collections::BTreeSet;

use engine::Profile;
use engine::digest::sha256;
use experiments::registry;

use crate::support::{plan, settings};

/// For each experiment under smoke, on the drawn stand-in: how many points it has, and the SHA-256 of their keys in
/// ascending order, a line each. Written anew when letters and digits began to share one path of training, sampling and
/// scoring: that changed the keys of all that is trained or rests on it, on purpose and once. Written anew for letters and
/// networks of digits when their first weights became N(0, 0.1²), which the reports' exercise asks for;
/// and for networks when what they take each test image for began to be kept; for likelihoods and bounds when the walks of
/// annealing began to be kept, and for machines with persistent chains or momentum when these moved into the processor's layout; for the pictures of
/// transport when one of them could be posterised. Whoever changes keys again
/// pastes the table that the failing test prints, and says here why.
const KEYS: &[(&str, usize, &str)] = &[
    (
        "alpha-rbm-reconstruction:generative",
        19,
        "917b79bfa9b1dd267b14a073ddce4a3aac84c09b521e80e5c03bd61671c52f7d",
    ),
    (
        "alpha-rbm-generation:generative",
        13,
        "9f04f1c32194e52ded895b30e4c301107f00ea620456063bd92260b5f5741290",
    ),
    ("alpha-rbm-classes:generative", 61, "48677c1e549c73525d44f2659e36d09a459739eb33127ade07db75da87912678"),
    ("alpha-rbm-classes:scratch", 55, "72deceda68e11ef4233846b8e259f797a90b07b9e613476fc441541278c90bfb"),
    ("alpha-rbm-epochs:generative", 21, "2f75b881b595d28d72d4e924d242a6630126cded5f23fc593c6b03b8aa36131b"),
    ("alpha-rbm-panel:scratch", 45, "74c7b9956ee18a732b3f4cc34c1f2176ac5778ee5334528ca49598e0ed47a335"),
    ("alpha-rbm-units:scratch", 25, "a0b1db22dc6d91d25d5b5c629f1a554d340a2f777c2668b4296a190ba06d5ca6"),
    (
        "alpha-dbn-generation:generative",
        9,
        "60f605409489baa6c8af6975b005e6ea3013ee279c6fd7a9111555bef9e4fcd9",
    ),
    ("alpha-dbn-classes:generative", 9, "d7e5818924e0f2219a8f86c546a24a316e6aed67daa441530dc2daef1bbfc7c0"),
    ("alpha-dbn-classes:scratch", 13, "d014065b1d3bcdf2666a0f32db8a6483e3d4dd9fba8227583befffc43c154374"),
    ("alpha-dbn-layers:generative", 21, "57f2e2942098edccd50fc75abae16de0355c3255b14828c71c03bb0cfa8c0f30"),
    ("alpha-dbn-layers:scratch", 13, "40d8ca67093f20b4848299ea4fa34e1a6e07a39cd12aa868bc3661a88e0e6c45"),
    ("alpha-dbn-units:generative", 13, "00f07bf4b23b40047efa0168510783b03d8652127e2e82fdcb5b86dc44479ef3"),
    ("alpha-dbn-units:scratch", 13, "82cfbfb217aa0a99109c1b138732c770dafe9b00d846e2c88544630ab2970a71"),
    ("mnist-binarise:scratch", 1, "2a93d12e710a5ae02f3758fd744a63090e66ab1458096afef3f1d38a512b4f39"),
    ("mnist-layers:generative", 10, "6a00475601fc7d9d4774bf4d035cf371924e17bdcda2bccb1b287794e07314f0"),
    ("mnist-layers:scratch", 9, "d2586498472847c1c0d741867d7054f3be255becc8a743642c9244790a3837a1"),
    ("mnist-neurons:generative", 12, "edb9570db5bd22081300dc6480ee42578b72d15f12406bf234624e8a407ca5ae"),
    ("mnist-neurons:scratch", 10, "cef99617cd518690ce6854e1a82fb0ede20b72d284348411735152f3ce33219f"),
    ("mnist-samples:generative", 18, "4fab653ec5ecbc55f02aa1438e6e8b7c9a77e0c031bdd34d88860e73b7a073a5"),
    ("mnist-samples:scratch", 10, "d1bbcad6e36528a24fee7fa30aff57b127b535d6a824c617c3c2f93a71ddbe45"),
    ("mnist-best:scratch", 8, "eebf077217001b8aca54c3549214af9d0322ef959539e4c2fd15beabedcce5b2"),
    ("record-label-budget:ours", 14, "98c4c20fc92c25e3b13efd9814c56468cc1397c2a57822b6e073e353dd793927"),
    ("mnist-rbm-samples:generative", 6, "0837b1f5e77eeefeef2dd70ab4b74d9ae2f8521e2042932e0b644f08b7c48d25"),
    ("mnist-dbn-samples:generative", 12, "07d7d35941d18f9b0cde5646e4c5d9bc8609a75f63064aaed7099fd1de1b5707"),
    ("mnist-vae-samples:generative", 26, "ff3393c7eafa0bfc381d2effc17d88bd24e71a5ddb0fcd5359f9fc62c37ab9f9"),
    ("mnist-rbm-convergence:rbm-lab", 4, "16dff500e1fac63154d245dc32a1e4afdbb9091591981877dc205435a0f795b9"),
    ("mnist-rbm-stability:rbm-lab", 4, "16dff500e1fac63154d245dc32a1e4afdbb9091591981877dc205435a0f795b9"),
    ("mnist-dbn-convergence:rbm-lab", 2, "e521941a21069fe64a70bb63fa6ac9e9353a54dffde8c54ffe31947c590ac2ca"),
    ("mnist-dbn-accuracy:rbm-lab", 5, "2134a467c09c3b375e46372d46a64b5c13b3487d071a1dca67e81fd687d86fd2"),
    (
        "mnist-dbn-receptive-fields:rbm-lab",
        1,
        "885efea07ebc96ca1348a7d7d4f2e912e99fec745b805dd9b83bc06d56fac64e",
    ),
    (
        "mnist-dbn-label-generation:rbm-lab",
        3,
        "ef252ae1cd1bb990d1de70be8c78f361d527e891205096b0d0b4297393ae100d",
    ),
    ("mnist-dbn-wake-sleep:rbm-lab", 7, "e4137eed0e1f6c2fd63af03d88fce47b3e851a89b62d30de3cd34695e7aac152"),
    ("mnist-rbm-grid:ann4", 4, "a08086b966d8a65e271d937ccad22f2705a0e3579ac942f758234df8901832c0"),
    ("mnist-rbm-learning-rate:ann4", 3, "34ae171aa4cc08ecc233cbb55ce1abb7a9ecbb076d7b4401cbccb7ac2122978c"),
    ("mnist-rbm-gibbs:ann4", 12, "2a9ef295bcf6fd379032f76b681461957f1e24e9c0a5af3fa23648d537aea233"),
    ("mnist-rbm-inpainting:ann4", 24, "cd524bb696accec4d8281ea5fae4093ec85537907b9e8b23788ee194099f070a"),
    ("record-rbm-likelihood:ours", 35, "0aed9fd08d5d699338219712225c75cc7f6ea7c17d541356a62f7c866c2e7c6f"),
    ("mnist-dbm:ann4", 19, "432062e904cf817f7a23ed909e35e7846e228bb678d534b160f0c276c8835c69"),
    ("record-dbm:ours", 6, "4a23162642a3bb8f0f0d669706823a04bb609dac01adb536ac42cbdebe07e6ad"),
    ("mnist-cnn-sgd:cnn-sdae", 4, "d8be47cc60bffb4648ae8a0ab9daf062be6c4c252a4e46dcf480026d86762dcc"),
    ("mnist-cnn-momentum:cnn-sdae", 8, "6f2e2737674f61c61e3d994bc5091ab52b95087a697525f5e202d798f85ee74d"),
    ("mnist-cnn-rmsprop:cnn-sdae", 12, "c1f7450b919076182cd3e9330ad92c0adfedbdb5a9a52ae367012791bf24c708"),
    ("record-cnn-error:ours", 1, "9e806cbae9add646fb55db7f97319b698ede1c0a244a5e6a60245ddb1ac3fc78"),
    ("mnist-sdae:cnn-sdae", 4, "7070e2a6e9d8f110db4a34aa3418983c4563b7e0b726964eb3440dae6f3862a2"),
    ("mnist-sdae-finetune:cnn-sdae", 17, "63e3b54286e35e8bc51725584a7af6c7b10e45fc62a83faf050605b28dd5f82c"),
    ("mnist-sdae-sparse:cnn-sdae", 22, "a735b989d4018a836b13844d83e4e375478ee3e20ebefab4c664aea90b18a91e"),
    ("record-sdae-error:ours", 15, "ec0fcf86741a4ba1f72a243cef4ceafe1e11c1a49476f7dbf34d1ef9fc7db17d"),
    ("mnist-gan:ann4", 7, "23c73d254f9215d6bafc1207c8a8e86d11485eb4317c7ce87a0142c5e18c2b3f"),
    ("mnist-wgan:ann4", 10, "eff5b56d6f0160e33090c251a6aa2775b36f2bcfb53f84304b755147b601ada9"),
    ("record-dbn-error:ours", 8, "f109c000ae27ae3579875ad3d41da91e3c29c94322e9159756c182167fd54220"),
    ("record-alphadigits:ours", 15, "9ca9be9da5bc3213dad2d31dee35bc086a6d8f4b5ff22780433348d78e82adf6"),
    ("ot-colour-transfer:ann4", 6, "3f80f7e1bf081c000934706e2a35df6e54dd59df502afa72684d448426c148cd"),
    ("ot-desserts:ann4", 1, "aedc9872bade4582fc0d141fcb40c19890efd0ab989990989ebbd3d486f95544"),
    ("ot-digits:ours", 21, "8d8c0df2a94655104b8cebb1a457594da5498d5de734b2a97ae30920b9261a08"),
    ("generators-compared:ours", 54, "e4673df708bf9907bb3010a29c15bbfe799e4cf3ed2690bd1ac08f28c59256be"),
];

/// A key follows from the job, its data, its numerics and the keys of what it needs, and from nothing else.
#[test]
fn keys_are_what_they_were() {
    let found = registry::all().into_iter().map(|e| {
        let points = plan(e, &settings(Profile::Smoke, &[]));
        let keys: BTreeSet<&str> = points.iter().map(|point| point.key.as_str()).collect();
        let lines: String = keys.iter().map(|key| format!("{key}\n")).collect();
        (e.about.name(), keys.len(), sha256(lines.as_bytes()))
    });
    let found: Vec<(String, usize, String)> = found.collect();
    let table: String =
        found.iter().map(|(name, count, digest)| format!("    ({name:?}, {count}, {digest:?}),\n")).collect();
    let golden = KEYS.iter().map(|(name, count, digest)| ((*name).to_owned(), *count, (*digest).to_owned()));
    assert!(golden.eq(found), "keys have changed; if they should, the table is\n{table}");
}
