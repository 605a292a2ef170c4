// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPolls} from "../src/interfaces/IPolls.sol";
import {World} from "./World.sol";

/// A paper as a person signs it, and the record that carries it; written from EIP-712 and the rules of the wire, with nothing
/// of the contracts. An answer is the numbers of the options chosen: of none for no answer, 0 alone to abstain.
abstract contract PaperSigning is World {
    struct Ask {
        IPolls.Kind kind;
        string title;
        string[] options;
    }

    struct Sheet {
        uint256 paper;
        string weight;
        uint32 seat;
        uint256 sequence;
        bytes32 reason;
        uint256[][] answers;
    }

    bytes32 private constant PAPER_TYPE =
        keccak256(
            "Paper(uint256 paper,string weight,Answer[] answers,uint32 seat,uint8 sequence,bytes32 reason)Answer(string poll,string[] choice)"
        );
    bytes32 private constant ANSWER_TYPE = keccak256("Answer(string poll,string[] choice)");

    Ask[] internal asks;
    bytes32 internal paperDomain;

    function ask(IPolls.Kind kind, uint256 options) internal {
        Ask storage a = asks.push();
        (a.kind, a.title) = (kind, string.concat("Poll ", vm.toString(asks.length)));
        for (uint256 i = 1; i <= options; ++i) a.options.push(string.concat("Option ", vm.toString(i)));
    }

    function pollParams() internal view returns (IPolls.PollParams[] memory list) {
        list = new IPolls.PollParams[](asks.length);
        for (uint256 i; i < list.length; ++i) {
            IPolls.PollParams memory p = list[i];
            (p.kind, p.title, p.body, p.options) = (asks[i].kind, asks[i].title, "As said.", asks[i].options);
            if (p.kind == IPolls.Kind.Ranked) p.majority = IPolls.Majority.Participating;
        }
    }

    function paperDigest(Sheet memory s) internal view returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](asks.length);
        for (uint256 i; i < hashes.length; ++i) {
            bytes memory choice;
            for (uint256 j; j < s.answers[i].length; ++j) {
                uint256 number = s.answers[i][j];
                bool isThere = number <= asks[i].options.length;
                string memory word = number == 0 ? "Abstain" : isThere ? asks[i].options[number - 1] : "?";
                choice = bytes.concat(choice, keccak256(bytes(word)));
            }
            hashes[i] = keccak256(abi.encode(ANSWER_TYPE, keccak256(bytes(asks[i].title)), keccak256(choice)));
        }
        bytes32 answers = keccak256(abi.encodePacked(hashes));
        bytes32 weight = keccak256(bytes(s.weight));
        return
            typed(
                paperDomain,
                keccak256(abi.encode(PAPER_TYPE, s.paper, weight, answers, s.seat, s.sequence, s.reason))
            );
    }

    function markOf(Sheet memory s) internal view returns (uint256 mark) {
        uint256 shift;
        for (uint256 i; i < asks.length; ++i) {
            (uint256 answer, uint256 width) = encode(asks[i], s.answers[i]);
            mark |= answer << shift;
            shift += width;
        }
        mark |= s.sequence << (markBits() - 8);
    }

    function markBits() internal view returns (uint256 bits) {
        uint256 needed = 8;
        for (uint256 i; i < asks.length; ++i) needed += widthOf(asks[i]);
        for (bits = 32; bits < needed; bits *= 2) {}
    }

    function widthOf(Ask storage a) internal view returns (uint256) {
        uint256 n = a.options.length;
        if (a.kind == IPolls.Kind.Single) return n == 15 ? 5 : 4;
        return a.kind == IPolls.Kind.Approval ? n + 1 : 4 * n;
    }

    function encode(Ask storage a, uint256[] memory answer) internal view returns (uint256 code, uint256 width) {
        width = widthOf(a);
        if (answer.length == 1 && answer[0] == 0) return ((1 << width) - 1, width);
        for (uint256 i; i < answer.length; ++i) {
            if (a.kind == IPolls.Kind.Single) code = answer[i];
            else if (a.kind == IPolls.Kind.Approval) code |= 1 << (answer[i] - 1);
            else code |= answer[i] << (4 * i);
        }
    }

    function packMark(uint256 mark) internal view returns (bytes memory raw) {
        raw = new bytes(markBits() / 8);
        for (uint256 i; i < raw.length; ++i) raw[i] = bytes1(uint8(mark >> (8 * (raw.length - 1 - i))));
    }

    function paperRecord(Sheet memory s, uint256 mark, uint256 key) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 ss) = vm.sign(key, paperDigest(s));
        return packPaper(s, mark, r, uint256(ss) | (uint256(v - 27) << 255));
    }

    function paperTwin(Sheet memory s, uint256 mark, uint256 key) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 ss) = vm.sign(key, paperDigest(s));
        return packPaper(s, mark, r, (N - uint256(ss)) | (uint256(28 - v) << 255));
    }

    function packPaper(Sheet memory s, uint256 mark, bytes32 r, uint256 vs) internal view returns (bytes memory) {
        if (s.reason == 0) return bytes.concat(abi.encodePacked(s.seat), packMark(mark), r, bytes32(vs));
        return bytes.concat(abi.encodePacked(s.seat | 0x80000000), packMark(mark), r, bytes32(vs), s.reason);
    }

    function only(uint256 a) internal pure returns (uint256[] memory l) {
        l = new uint256[](1);
        l[0] = a;
    }

    function three(uint256 a, uint256 b, uint256 c) internal pure returns (uint256[] memory l) {
        l = new uint256[](3);
        (l[0], l[1], l[2]) = (a, b, c);
    }
}
