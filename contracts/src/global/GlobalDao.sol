// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IChallenge} from "../interfaces/IChallenge.sol";
import {IGlobalDao} from "../interfaces/IGlobalDao.sol";
import {Challenge} from "./Challenge.sol";
import {Domains} from "./Domains.sol";
import {Members} from "./Members.sol";
import {Reputation} from "./Reputation.sol";
import {Rules} from "./Rules.sol";
import {Verdict} from "./Verdict.sol";

/// The DAO of DAOs: a registry, a memory and a maker of challenges. Money is only ever in the challenges.
contract GlobalDao is Members, Rules, Reputation {
    uint256 private constant ALPHA = 1;
    uint256 private constant BETA = 1;
    uint256 private constant GAMMA = 10;
    /// What a DAO that has settled nothing counts with for one small task.
    uint256 private constant NEWCOMER = 1000;
    /// What the curator's word is worth, and how much reputation there may be in a domain that needs it.
    uint256 private constant VOUCHED = 1000;
    uint256 private constant YOUNG = 20_000;

    Challenge public immutable CHALLENGE;

    /// @inheritdoc IGlobalDao
    address public immutable autoIds;

    /// @inheritdoc IGlobalDao
    uint256 public challengeCount;

    /// @inheritdoc IGlobalDao
    mapping(uint256 id => address) public challengeAt;

    /// @inheritdoc IGlobalDao
    mapping(address challenge => bool) public isChallenge;

    mapping(uint256 dao => mapping(bytes32 domain => bool)) private _vouched;

    modifier onlyChallenge() {
        if (!isChallenge[msg.sender]) revert NotAChallenge();
        _;
    }

    constructor(Challenge challenge, address autoIds_, address curator_, address treasury_)
        Domains(curator_, treasury_)
    {
        (CHALLENGE, autoIds) = (challenge, autoIds_);
    }

    /// @inheritdoc IGlobalDao
    function createChallenge(ChallengeParams calldata p) external returns (uint256 id, address challenge) {
        _check(p);
        challenge = Clones.cloneDeterministic(address(CHALLENGE), _salt(msg.sender, p.salt));
        id = ++challengeCount;
        challengeAt[id] = challenge;
        isChallenge[challenge] = true;
        emit ChallengeCreated(id, challenge, msg.sender, p.token, p.goal, p.terms, p.title, p.text, p.requirements);
        Challenge(challenge).initialize(p.token, unitOf[p.token], p.goal, p.requirements.length, p.terms);
    }

    /// @inheritdoc IGlobalDao
    function predictChallenge(address creator, bytes32 salt) external view returns (address) {
        return Clones.predictDeterministicAddress(address(CHALLENGE), _salt(creator, salt));
    }

    /// @inheritdoc IGlobalDao
    function taskAssigned(uint256 dao) external onlyChallenge {
        ++_daos[dao].openTasks;
    }

    /// @inheritdoc IGlobalDao
    function taskSettled(uint256 dao, bytes32 domain, int256 change) external onlyChallenge {
        --_daos[dao].openTasks;
        ++_daos[dao].settledTasks;
        if (change > 0) _gain(dao, domain, uint256(change));
        else if (change < 0) _lose(dao, domain, uint256(-change));
    }

    /// @inheritdoc IGlobalDao
    function reputationLost(uint256 dao, bytes32 domain, uint256 loss) external onlyChallenge {
        _lose(dao, domain, loss);
    }

    /// @inheritdoc IGlobalDao
    function judge(IChallenge.Review[] calldata reviews)
        external
        onlyChallenge
        returns (bool rated, uint256 median, bool byPeers)
    {
        (rated, median, byPeers) = Verdict.among(reviews);
        for (uint256 i; i < reviews.length; ++i) {
            IChallenge.Review calldata r = reviews[i];
            _trust(r.reviewer, r.revealed && (!rated || Verdict.isNear(r.rating, median)));
        }
    }

    /// @inheritdoc IGlobalDao
    function vouch(uint256 dao, bytes32 domain) external onlyCurator {
        if (accountOf(dao) == address(0)) revert UnknownDao();
        if (!domainExists(domain)) revert UnknownDomain();
        if (totalReputation(domain) >= YOUNG) revert NoLongerYoung();
        if (_vouched[dao][domain]) revert AlreadyVouched();
        _vouched[dao][domain] = true;
        _gain(dao, domain, VOUCHED);
    }

    /// @inheritdoc IGlobalDao
    function worthOf(uint256 dao, bytes32 domain, uint256 stake, bool small) external view returns (uint256) {
        (uint256 fit, uint256 interest) = fitOf(dao, domain);
        uint256 reputation = reputationOf(dao, domain);
        bool isNew = _daos[dao].openTasks == 0 && _daos[dao].settledTasks == 0;
        if (small && isNew && reputation < NEWCOMER) reputation = NEWCOMER;
        return fit * (ALPHA * reputation + BETA * Math.sqrt(stake) + GAMMA * interest);
    }

    /// The creator is part of the salt, so nobody can take an address before them.
    function _salt(address creator, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(creator, salt));
    }
}
